"""The one transaction that puts a backup in the place of all our tables, under the start-up lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.management.color import no_style
from django.db import DataError, Error, IntegrityError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from mathesar import current
from mathesar.boot import keys, migrate, store
from mathesar.boot.lock import Lock
from mathesar.boot.messages import failure
from mathesar.boot.prepare import variable_of
from mathesar.life import archive, rows
from mathesar.life.saying import counter
from provisioner.planning import Plan
from provisioner.secret import Secret

LOCK_SECONDS = 30  # for those who are reading our tables at this moment


@dataclass(frozen=True)
class Restored:
    """What was done: rows, migrations run forward, and how the present key fits the stored connections."""

    rows: int
    migrations: int
    stored: int
    locked: int
    rotated: bool
    signed: bool


def in_use() -> str:
    """Return what people would lose, as "2 people, 1 stored connection"; "" for a database that nobody began to use."""
    there = set(connection.introspection.table_names())
    found = []
    with connection.cursor() as cursor:
        for table, where, one, more in (
            ("auth_user", "", "person", "people"),
            ("connections_database", " WHERE source = 'ui'", "stored connection", "stored connections"),
        ):
            if table in there:
                cursor.execute(f"SELECT count(*) FROM {table}{where}")  # noqa: S608 - the names above
                (count,) = cursor.fetchone()
                found += [f"{count} {one if count == 1 else more}"] if count else []
    return ", ".join(found)


def replace_all(plan: Plan, found: archive.Backup, roots: Sequence[Secret], held: Lock, *, signed: bool) -> Restored:
    """Put the backup in place.

    Raises:
        BootError: the database does not take it, or it is damaged after all; nothing was changed.
    """
    place = "its tables"
    try:
        with connection.constraint_checks_disabled(), transaction.atomic():
            own = _make_room(plan)
            executor = MigrationExecutor(connection)
            state = executor.migrate(_targets(found, executor))
            models = rows.models_of(state.apps)
            rows.empty(models)
            show = counter("Restoring", found.manifest.row_count)
            done = 0

            def count() -> None:
                nonlocal done
                done += 1
                show(done)

            by_label = {model._meta.label_lower: model for model in models}
            if set(by_label) != {table.model for table in found.manifest.tables}:
                raise archive.damaged("its tables are not those of its migrations")
            for table in found.manifest.tables:
                place = table.model
                rows.load(by_label[table.model], table.columns, found.rows(table), count)
            place = "its references"
            connection.check_constraints()
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(statement)
            place = "this version's migrations"
            count_of = migrate.run(held.check)
            place = "its keys"
            ring, rotated = _settle_keys(plan, found, roots, own)
            stored, locked = _opened_with_present_key()
            if not locked and ring.state(own.read()) == "mismatch":  # nothing is under the earlier key
                own.save(canary=ring.new_canary())
            held.check()
            return Restored(done, count_of, stored, locked, rotated, signed)
    except (DataError, IntegrityError, OverflowError, UnicodeError) as error:
        raise failure("restore-refused", variable_of(plan), reason=f"{place}, {type(error).__name__}") from None
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":
            raise
        raise failure("restore-refused", variable_of(plan), reason="its tables are being used; stop Mathesar") from None
    except Error as error:
        state_of = getattr(error.__cause__, "sqlstate", None) or type(error).__name__
        raise failure("restore-refused", variable_of(plan), reason=f"{place}, {state_of}") from None


def _make_room(plan: Plan) -> store.Store:
    """Drop our tables and make the start-up row's; return its store, inside the transaction."""
    from django.apps import apps

    on_postgres = plan.internal is not None
    mark = "%s" if on_postgres else "?"
    with connection.cursor() as cursor:
        if on_postgres:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        prefixes = ("django_", *(f"{app.label}_" for app in apps.get_app_configs()))
        there = [name for name in connection.introspection.table_names(cursor)
                 if name == "boot" or name.startswith(prefixes)]  # fmt: skip
        names = [connection.ops.quote_name(name) for name in there]
        for each in [", ".join(names)] if on_postgres and names else names:
            cursor.execute(f"DROP TABLE {each}")
    made = store.Store(connection.connection, prefix=f"{store.SCHEMA}." if on_postgres else "", mark=mark)
    made.create(variable=variable_of(plan), platform=plan.platform)
    return made


def _targets(found: archive.Backup, executor: MigrationExecutor) -> Iterable[tuple[str, str]]:
    """Return the backup's last migration of each app, those included on which others depend.

    A target that another one leads past would be a step back, which Django does not mix with steps forward.
    """
    graph = executor.loader.graph
    named = set(found.manifest.migrations) & set(graph.nodes)
    had = {each for name in named for each in graph.forwards_plan(name)}
    return [
        each
        for each in sorted(had)
        if not any(child.key in had and child.key[0] == each[0] for child in graph.node_map[each].children)
    ]


def _settle_keys(
    plan: Plan, found: archive.Backup, roots: Sequence[Secret], own: store.Store
) -> tuple[keys.KeyRing, bool]:
    """Note the backup's keys; with its own root keys at hand, seal everything anew under the present one.

    Return the present keys, and whether that was done.
    """
    kept = store.BootRow(found.manifest.boot.wrapped_key, found.manifest.boot.canary)
    ring = keys.resolve(plan, lambda: kept)
    wrapped = kept.wrapped_key
    if ring is None or (ring.lost and roots):
        ring, wrapped = keys.make_wrapped(plan)
    foreign = tuple(root for root in roots if root != ring.current)
    current.set_plan(plan, ring.current, (*ring.fallbacks, *foreign))
    own.save(wrapped_key=wrapped, canary=kept.canary, prepared=migrate.fingerprint(migrate.on_disk()))
    if foreign:
        from mathesar.connections.rotation import rotate

        rotate()
    return ring, bool(foreign)


def _opened_with_present_key() -> tuple[int, int]:
    """Return how many stored connections there are, and how many of them no key opens."""
    from mathesar.connections import keyring
    from mathesar.connections.models import Database, Source

    stored = locked = 0
    for row in Database.objects.filter(source=Source.PERSON).iterator():
        stored += 1
        try:
            keyring.open_row(row)
        except keyring.Locked:
            locked += 1
    return stored, locked
