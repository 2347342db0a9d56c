"""`mathesar backup`: every row of the internal database in one file, as of one moment; nothing is changed.

Of the internal tables only: people's own databases are theirs to back up. What is sealed stays sealed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from mathesar.boot import keys, store
from mathesar.boot.messages import failure
from mathesar.life import archive, opening, passphrase, target
from mathesar.life.manifest import Boot, Manifest, WrappedKey
from mathesar.life.saying import counter, tell, tell_finding
from provisioner.findings import finding
from provisioner.planning import Plan
from provisioner.secret import Secret


def backup(name: str, *, force: bool) -> None:
    """Run the command: write a backup into a file of this name, or to standard output for `-`."""
    opening.guarded(lambda: _backup(name, force))


def _backup(name: str, force: bool) -> None:
    from mathesar.boot.start import read_plan

    target.refuse_taken(name, force=force)
    phrase = passphrase.take()
    with target.written(name, force=force) as file:
        plan = read_plan()
        made = write(plan, file, phrase)
    what = f"{made.row_count:,} rows of {len(made.tables)} tables ({plan_words(plan)}), key {made.key_id}"
    tell(f"Backed up {what}{'' if name == target.STDOUT else f', into {Path(name).resolve()}'}.")
    tell("Not in it: people's own databases, sessions (people sign in again), failed sign-ins.")
    if made.key is not None:
        tell("The key is in it, under your passphrase. Keep the file and the passphrase apart.")
    elif made.boot.wrapped_key is not None:
        tell_finding(finding("backup-key-inside", passphrase.VARIABLE))
    else:
        source = "SECRET_KEY" if plan.secret_key is not None else f"the file {plan.data_dir}/secret_key"
        source += " (and SECRET_KEY_FALLBACKS)" * bool(plan.secret_key_fallbacks)
        tell(f"Stored connections are sealed in it. To open them after a restore keep {source}, apart from the file.")


def write(plan: Plan, file: IO[bytes], phrase: Secret | None) -> Manifest:
    """Write a backup of the internal database; return its manifest.

    Raises:
        BootError: there is nothing to back up, a newer version prepared it, or it cannot be reached.
    """
    from mathesar.boot.prepare import variable_of

    if not opening.has_database(plan):
        raise failure("backup-nothing", variable_of(plan), platform=plan.platform)
    with opening.opened_store(plan) as opened:
        row = opened.read()
        if row.prepared is None:
            raise failure("backup-nothing", variable_of(plan), platform=plan.platform)
        ring = opening.set_up(plan, row)
        wrapped = passphrase.wrap((ring.current, *ring.fallbacks), phrase) if phrase is not None else None
        with _snapshot(plan):
            return _write_all(plan, archive.Writer(file), ring, wrapped)


def _write_all(plan: Plan, writer: archive.Writer, ring: keys.KeyRing, wrapped: WrappedKey | None) -> Manifest:
    from django.db import connection

    from mathesar.life import rows

    found = opening.loader()
    applied = frozenset(found.applied_migrations)
    if opening.unknown(applied, found):
        raise failure("internal-newer", "mathesar", version=version("mathesar"))
    # the models as the database has them: it may be behind this version
    models = rows.models_of(found.project_state([each for each in applied if each in found.graph.nodes]).apps)
    show = counter("Backing up", sum(model._default_manager.count() for model in models))
    done = 0

    def counted(each: Any) -> Iterator[list[Any]]:
        nonlocal done
        for row in rows.dump(each):
            done += 1
            show(done)
            yield row

    boot = _boot_row(plan)
    tables = tuple(writer.table(model._meta.label_lower, rows.columns_of(model), counted(model)) for model in models)
    made = Manifest(
        mathesar=version("mathesar"),
        made_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        engine="sqlite" if connection.vendor == "sqlite" else "postgresql",
        key_id=archive.key_id(archive.signing_key(ring.current)),
        key=wrapped,
        boot=Boot(wrapped_key=boot.wrapped_key, canary=boot.canary),
        migrations=tuple(sorted(applied)),
        tables=tables,
        left_out=rows.LEFT_OUT,
    )
    writer.finish(made, ring.current)
    return made


@contextlib.contextmanager
def _snapshot(plan: Plan) -> Iterator[None]:
    """Let every query see the database as of one moment, holding up nobody who writes."""
    from django.db import connection, transaction

    if plan.internal is not None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # Django's own would take the writers' lock
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _boot_row(plan: Plan) -> store.BootRow:
    """Read the start-up row in the snapshot, through Django's connection."""
    from django.db import connection

    prefix = f"{store.SCHEMA}." if plan.internal is not None else ""
    return store.Store(connection.connection, prefix=prefix, mark="").read()


def plan_words(plan: Plan) -> str:
    """Say which database it is, without an address."""
    return f"PostgreSQL of {plan.internal.variable}" if plan.internal is not None else f"SQLite in {plan.data_dir}"
