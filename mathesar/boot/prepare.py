"""Everything before serving: reach the database, find the key, and bring what is behind up to date, once.

The fast path costs two queries and Django's own import. Whoever finds something behind takes the lock, looks
again, and does work that may be killed anywhere and repeated.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from mathesar import current
from mathesar.boot import admin, key_file, keys, lock, migrate, rotate, store
from mathesar.boot.console import say
from mathesar.boot.messages import BootError, LockLost, failure
from provisioner.planning import Plan

ROUNDS = 5  # times the work is begun again when the database goes away in the middle of it


# SQLSTATE classes: connection, transaction state, rollback, resources, object in use, operator's intervention
_TRANSIENT_CLASSES = frozenset({"08", "25", "40", "53", "55", "57"})
# unique violation, duplicate table, schema, object, column
_ALREADY_THERE = frozenset({"23505", "42P07", "42P06", "42710", "42701"})


@dataclass(frozen=True)
class Prepared:
    """What was found: how the key fits the database, and whether there was anything to do."""

    key_state: keys.KeyState
    changed: bool


def prepare(plan: Plan, *, change: bool = True, reconcile: bool = True) -> Prepared:
    """Set plan and key for this process, set Django up, and bring the internal database up to date.

    With `change` false nothing is written: what is behind is refused. With `reconcile` false read-only entries
    are left as they are (a management command does not know all of them). No connection is left open.

    Raises:
        BootError: with the finding that says why.
    """
    from django.db import Error

    os.environ["DJANGO_SETTINGS_MODULE"] = "mathesar.settings"
    for attempt in range(1, ROUNDS + 1):
        try:
            return _prepare(plan, change=change, reconcile=reconcile)
        except (LockLost, Error, *_driver_errors(plan)) as error:
            if attempt == ROUNDS or not _transient(error):
                raise unusable(plan, error) from None
            say("The internal database went away while it was being prepared; trying again.")
            time.sleep(0.5 * attempt)
        finally:
            release_connections()
    raise AssertionError("unreachable")


def _prepare(plan: Plan, *, change: bool, reconcile: bool) -> Prepared:
    opened = open_store(plan)
    try:
        row = opened.read()
        ring = keys.resolve(plan, lambda: row)
        if ring is not None:
            set_up(plan, ring)
            if not _behind(plan, opened, row, ring, reconcile):
                return _finish(ring, row, changed=False)
        if not change:
            raise failure("release-missing", variable_of(plan), platform=plan.platform)
        with lock_for(plan, opened) as held:
            return _work(plan, held, reconcile)
    finally:
        opened.close()


def _work(plan: Plan, held: lock.Lock, reconcile: bool) -> Prepared:
    """Do what is behind, holding the lock; another process may just have done it."""
    own = open_store(plan)
    try:
        own.create(variable=variable_of(plan), platform=plan.platform)
        row = own.read()
        ring = keys.resolve(plan, lambda: row)
        if ring is None:
            ring, wrapped = keys.make_wrapped(plan)
            own.save(wrapped_key=wrapped)
        set_up(plan, ring)
        if not _behind(plan, own, row, ring, reconcile):
            return _finish(ring, row, changed=False)
        on_disk = migrate.on_disk()
        if _unprepared(own, row):
            count = migrate.run(held.check)
            if plan.platform is not None:
                say(f"Prepared the internal database ({count} migrations).")
        held.check()
        if reconcile:
            from mathesar.connections.reconcile import reconcile as reconcile_entries

            reconcile_entries(plan)
            admin.ensure_admin(plan)
        held.check()
        own.save(canary=row.canary or ring.new_canary(), prepared=migrate.fingerprint(on_disk))
        if reconcile and rotate.is_due(ring, own.read()):
            rotate.finish(own, ring)
        return _finish(ring, own.read(), changed=True)
    finally:
        own.close()


def _unprepared(opened: store.Store, row: store.BootRow) -> bool:
    """Tell whether migrations on disk are missing in the database, or what runs after them never finished."""
    on_disk = migrate.on_disk()
    return row.prepared != migrate.fingerprint(on_disk) or not on_disk <= opened.applied_migrations()


def _behind(plan: Plan, opened: store.Store, row: store.BootRow, ring: keys.KeyRing, reconcile: bool) -> bool:
    """Tell whether anything would change."""
    if row.canary is None or _unprepared(opened, row):
        return True
    if not reconcile:
        return False
    if rotate.is_due(ring, row) or admin.is_admin_missing(plan):
        return True
    from mathesar.connections.reconcile import is_behind

    return is_behind(plan)


def _finish(ring: keys.KeyRing, row: store.BootRow, *, changed: bool) -> Prepared:
    state = ring.state(row)
    current.set_key_state(state)
    return Prepared(state, changed)


def set_up(plan: Plan, ring: keys.KeyRing) -> None:
    """Give this process its plan and its keys, and set Django up."""
    import django
    from django.apps import apps

    current.set_plan(plan, ring.current, ring.fallbacks)
    if not apps.ready:
        django.setup()
        if plan.platform is None:  # a person at a terminal wants to know what needs doing, and no more
            logging.getLogger("mathesar").setLevel(logging.WARNING)


def open_store(plan: Plan) -> store.Store:
    """Return the start-up row's store through a connection of its own.

    Raises:
        BootError: SQLite's file cannot be opened, as one of another owner; or PostgreSQL cannot be reached.
    """
    if plan.internal is None:
        folder = Path(str(plan.data_dir))
        try:
            return store.sqlite_store(folder)
        except OSError:
            raise key_file.unusable(folder, folder / store.SQLITE) from None
    from mathesar.boot.wait import connect

    return store.postgres_store(connect(plan.internal, platform=plan.platform, authority=plan.ca_certificate))


def lock_for(plan: Plan, opened: store.Store) -> lock.Lock:
    """Return the start-up lock; a PostgreSQL store's connection is used for nothing else from then on."""
    if plan.internal is None:
        return lock.FileLock(Path(str(plan.data_dir)) / ".start.lock")
    return lock.AdvisoryLock(opened.connection, variable=plan.internal.variable)


def variable_of(plan: Plan) -> str:
    """Return the name of the variable that says where the internal database is."""
    return plan.internal.variable if plan.internal is not None else "MATHESAR_DATA_DIR"


def unusable(plan: Plan, error: Exception) -> BootError:
    """Return the finding for a database error that does not pass; its own text may hold names and is not shown."""
    if isinstance(error, BootError):
        return error
    cause = error.__cause__ if error.__cause__ is not None else error
    state = getattr(cause, "sqlstate", None)
    reason = f": {type(cause).__name__}" + (f", SQLSTATE {state}" if state else "")
    return failure("internal-other", variable_of(plan), platform=plan.platform, reason=reason, seconds="0")


def _driver_errors(plan: Plan) -> tuple[type[Exception], ...]:
    if plan.internal is None:
        return (sqlite3.OperationalError,)
    import psycopg

    return (psycopg.Error,)


def _transient(error: Exception) -> bool:
    """Tell whether doing it again may help: a connection failed, or another process was quicker after all."""
    if isinstance(error, LockLost):
        return True
    cause = error.__cause__ if error.__cause__ is not None else error
    state = getattr(cause, "sqlstate", None)
    # Without a state no server spoke: Django, too, complains so about a connection cut inside a transaction.
    return state is None or state[:2] in _TRANSIENT_CLASSES or state in _ALREADY_THERE


def release_connections() -> None:
    """Close Django's connections and pools, their threads too: nothing of them may cross a fork.

    The wrappers go as well: one that was cut inside a transaction may believe for ever that it is still in it.
    """
    from django.conf import settings
    from django.db import Error, connections

    if not settings.configured:
        return
    for connection in connections.all(initialized_only=True):
        with contextlib.suppress(Error):
            connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()
        del connections[connection.alias]
