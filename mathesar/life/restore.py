"""`mathesar restore`: the internal database as a backup has it, whole or not at all.

The file is looked through before anything is changed. Then, in one transaction: our tables go, those of the backup's
migrations are made, its rows put in, and this version's migrations run. A process that dies on the way leaves what
was there before; whoever reads meanwhile sees that, too.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import IO

import click

from mathesar.boot import keys
from mathesar.boot.messages import failure
from mathesar.boot.store import BootRow
from mathesar.life import archive, opening, passphrase
from mathesar.life.backup import plan_words
from mathesar.life.replacing import Restored, in_use, replace_all
from mathesar.life.saying import tell, tell_finding
from provisioner.findings import finding
from provisioner.planning import Plan
from provisioner.secret import Secret


def restore(name: str, *, replace: bool, unsigned: bool, interactive: bool) -> None:
    """Run the command: restore the backup of this name, or standard input for `-`."""
    opening.guarded(lambda: _restore(name, replace, unsigned, interactive))


def _restore(name: str, replace: bool, unsigned: bool, interactive: bool) -> None:
    from mathesar.boot.start import read_plan

    phrase = passphrase.take()
    with _opened(name) as file:
        found = archive.read(file, version("mathesar"))
        roots = _roots(found, phrase)
        plan = read_plan()

        def agree(what: str) -> None:
            if not replace:
                raise failure("restore-not-empty", "--replace", what=what)
            _ask(f"Replace all of it ({plan_words(plan)}: {what})?", interactive)

        _tell(plan, found, into(plan, found, roots, agree, unsigned=unsigned), roots)


def _roots(found: archive.Backup, phrase: Secret | None) -> tuple[Secret, ...]:
    """Return the root keys in the backup; none without a passphrase.

    Raises:
        BootError: the passphrase opens nothing, or there is nothing for it to open: taken away, perhaps.
    """
    if phrase is None:
        return ()
    if found.manifest.key is None:
        raise failure("backup-keyless", passphrase.VARIABLE)
    return passphrase.unwrap(found.manifest.key, phrase)


def into(
    plan: Plan, found: archive.Backup, roots: Sequence[Secret], agree: Callable[[str], None], *, unsigned: bool
) -> Restored:
    """Restore a backup into the plan's internal database; `agree` is told what is in it, and raises to refuse.

    `roots` are the keys that were in the backup, if they could be opened. With `unsigned` true, one that no key here
    can vouch for is restored as well; an altered one never is.

    Raises:
        BootError: with the finding that says why; nothing was changed.
    """
    from mathesar.boot.prepare import lock_for

    with opening.opened_store(plan) as opened:
        kept = BootRow(found.manifest.boot.wrapped_key, found.manifest.boot.canary)
        opening.set_up(plan, opened.read())
        _refuse_newer(found)
        ring = keys.resolve(plan, lambda: kept)
        known = [] if ring is None else [ring.current, *ring.fallbacks]
        signed = found.signed_by([*known, *roots])
        if signed is False:
            raise archive.damaged("its signature is wrong: it was altered")
        if signed is None and not unsigned:
            raise failure("restore-unsigned", "SECRET_KEY", platform=plan.platform)
        if what := in_use():
            agree(what)
        with lock_for(plan, opened) as held:
            if not what and (what := in_use()):  # somebody was quicker
                agree(what)
            return replace_all(plan, found, roots, held, signed=bool(signed))


def _refuse_newer(found: archive.Backup) -> None:
    if opening.unknown(frozenset(found.manifest.migrations), opening.loader()):
        raise failure("backup-newer", "FILE", made=found.manifest.mathesar, version=version("mathesar"))


@contextlib.contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """Open the file; standard input is kept in a nameless one, as a ZIP is read from its end."""
    with contextlib.ExitStack() as opened:
        try:
            if name == "-":
                file: IO[bytes] = opened.enter_context(tempfile.TemporaryFile())
                shutil.copyfileobj(sys.stdin.buffer, file)
            else:
                file = opened.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise failure("backup-unusable", "FILE", what="read", reason=error.strerror or "it failed") from None
        yield file


def _ask(question: str, interactive: bool) -> None:
    from mathesar.boot.commands import fail

    if not interactive:
        return
    if not sys.stdin.isatty():
        fail("This is no terminal, and nobody can be asked: add --noinput.")
    if not click.confirm(question, err=True):
        fail("Nothing was changed.")


def _tell(plan: Plan, found: archive.Backup, done: Restored, roots: Sequence[Secret]) -> None:
    made = found.manifest
    tell(
        f"Restored {done.rows:,} rows of {len(made.tables)} tables, backed up {made.made_at} by Mathesar "
        f"{made.mathesar}, into {plan_words(plan)}."
    )
    if done.migrations:
        tell(f"Brought up to this version by {done.migrations} migration{'s' * (done.migrations > 1)}.")
    if not done.signed:
        tell("Its signature could not be checked: the key that made it is not here.")
    if done.locked:
        tell_finding(finding("restore-locked", "SECRET_KEY", locked=str(done.locked), total=str(done.stored)))
    elif done.stored:
        which = f"All {done.stored} stored connections are" if done.stored > 1 else "The stored connection is"
        tell(f"{which} {'sealed anew under' if done.rotated else 'opened by'} the present key.")
    if done.locked and made.key is not None and not roots:
        tell(f"The backup holds that key: restore it again with {passphrase.VARIABLE} set.")
    tell("Restart every Mathesar that runs on this database; entries of the environment are matched then.")
