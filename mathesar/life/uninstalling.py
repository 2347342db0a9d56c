"""`mathesar uninstall-schemas`: the Mathesar schema taken out of people's databases again, one after the other.

Each is one transaction of its own database. A row remembers that its database is to have no schema, so that the next
start does not install it again; so does every other row that leads to the same database.
"""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mathesar.boot.console import say
from mathesar.life import opening
from provisioner.findings import finding
from provisioner.terminal import width

if TYPE_CHECKING:
    from mathesar.connections.models import Database
    from mathesar.dbschema import Dependent

LISTED = 20  # uses of the schema that are named


def uninstall_schemas(names: Sequence[str], *, cascade: bool, dry_run: bool, interactive: bool) -> None:
    """Run the command for the databases of these names, or without any for all of them; exit 1 if one is left."""
    left = 0

    def work() -> None:
        nonlocal left
        with _opened_install():
            left = run(names, cascade=cascade, dry_run=dry_run, interactive=interactive)

    opening.guarded(work)
    sys.exit(int(left > 0))


def run(names: Sequence[str], *, cascade: bool, dry_run: bool, interactive: bool) -> int:
    """Go through the databases, and say of each what became of it; return how many keep the schema."""
    rows, unknown = _chosen(names)
    for name in unknown:
        _line(name, "there is no database of that name.")
    if not rows and not unknown:
        say("There are no databases.")
    return len(unknown) + [_one(row, cascade, dry_run, interactive) for row in rows].count(False)


@contextlib.contextmanager
def _opened_install() -> Iterator[None]:
    """Open the internal database as every command does, with the embedded PostgreSQL where one was made."""
    from mathesar.boot.prepare import prepare, release_connections
    from mathesar.boot.start import embedded, read_plan

    plan = read_plan()
    made = (Path(str(plan.data_dir)) / "postgres").exists()
    with embedded(plan) if made else contextlib.nullcontext(plan) as full:
        prepare(full, change=plan.platform is None, reconcile=False)
        try:
            yield
        finally:
            from mathesar.connections.opening import forget_all

            forget_all()
            release_connections()


def _chosen(names: Sequence[str]) -> tuple[list[Database], list[str]]:
    """Return the rows of these names, or all but the detached ones, and the names that nobody has."""
    from mathesar.connections.models import Database, Status
    from provisioner.entries import name_key

    if not names:
        return list(Database.objects.exclude(status=Status.DETACHED)), []
    rows = list(Database.objects.filter(key__in=[name_key(name) for name in names]))
    there = {row.key for row in rows}
    return rows, [name for name in names if name_key(name) not in there]


def _one(row: Database, cascade: bool, dry_run: bool, interactive: bool) -> bool:
    """Remove the schema from one row's database, and say what became of it; False where it is still there."""
    from mathesar.connections import schema
    from mathesar.connections.errors import ConnectionProblem

    try:
        state = schema.state(row)
        used = schema.dependents(row) if state.state in ("current", "outdated") else []
        if state.state == "foreign":
            raise schema.SchemaRefused(finding("schema-foreign", "schema"))
        if used and not cascade:
            _line(row.name, f"in use; nothing was changed. {_count(used)} would go with it:")
            _list(used)
            return False
        if state.state == "missing":
            _line(row.name, "has no Mathesar schema.")
        elif dry_run:
            _line(row.name, "would be removed" + (f", and {_count(used)} with it:" if used else "."))
            _list(used)
        elif used and not _agreed(row, used, interactive):
            _line(row.name, "nothing was changed.")
            return False
        if dry_run:
            return True
        schema.remove(row, cascade=cascade)
    except ConnectionProblem as problem:
        _line(row.name, f"still there. {problem}")
        return False
    if state.state != "missing":
        _line(row.name, "removed" + (f", and {_count(used)} with it." if used else "."))
    others = schema.forgo_elsewhere(row)
    if others:
        _line("", f"the same database as {', '.join(others)}: not installed there again either.")
    return True


def _agreed(row: Database, used: Sequence[Dependent], interactive: bool) -> bool:
    if not interactive:
        return True
    _line(row.name, f"{_count(used)} would go with it:")
    _list(used)
    if not sys.stdin.isatty():
        say("This is no terminal, and nobody can be asked: add --noinput.")
        return False
    return click.confirm("Remove it and all of these, with their data?")


def _count(used: Sequence[Dependent]) -> str:
    return f"{len(used)} column or object" if len(used) == 1 else f"{len(used)} columns and objects"


def _list(used: Sequence[Dependent]) -> None:
    for each in used[:LISTED]:
        place = ".".join(part for part in (each.schema, each.table, each.column) if part)
        text = f"{each.kind} {place} ({each.type})"
        say("    " + "".join(letter if letter.isprintable() else "\ufffd" for letter in text))  # names are anybody's
    if len(used) > LISTED:
        say(f"    … and {len(used) - LISTED} more")


def _line(name: str, text: str) -> None:
    first = f"{name}: " if name else "  "
    for line in textwrap.wrap(first + text, width(), subsequent_indent="  ", break_long_words=False):
        say(line)
