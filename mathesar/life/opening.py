"""The internal database as it is, whichever version prepared it: read or replaced, never prepared on the way."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import provisioner
from mathesar.boot import keys, store
from mathesar.boot.messages import BootError
from mathesar.boot.migrate import Migration
from provisioner.planning import Plan

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader


def guarded(work: Callable[[], None]) -> None:
    """Run a command's work; turn what may go wrong into findings on standard error and exit status 1.

    A signal that ends it leaves neither half a file nor a server behind.
    """
    from mathesar.boot.start import INTERRUPTED, end_in_order
    from mathesar.life.saying import tell, tell_finding

    end_in_order()
    try:
        work()
    except provisioner.InvalidEnvironment as error:
        from mathesar.boot.console import show

        show(error.findings)
        sys.exit(1)
    except BootError as error:
        for item in error.findings:
            tell_finding(item)
        sys.exit(1)
    except KeyboardInterrupt:
        tell("Stopped.")
        sys.exit(INTERRUPTED)


def has_database(plan: Plan) -> bool:
    """Tell whether there is an internal database to look at: SQLite's file is made by whoever opens it."""
    return plan.internal is not None or (Path(str(plan.data_dir)) / store.SQLITE).exists()


def set_up(plan: Plan, row: store.BootRow) -> keys.KeyRing:
    """Find the keys that fit a start-up row, and set Django up with them; return them.

    Where a key must still be made, it is one for this process alone.

    Raises:
        BootError: the key file cannot be used.
    """
    from mathesar.boot.prepare import set_up as set_django_up

    os.environ["DJANGO_SETTINGS_MODULE"] = "mathesar.settings"
    ring = keys.resolve(plan, lambda: row) or keys.make_wrapped(plan)[0]
    set_django_up(plan, ring)
    return ring


@contextlib.contextmanager
def opened_store(plan: Plan) -> Iterator[store.Store]:
    """Give the start-up row's store; afterwards no connection is left, Django's neither.

    Raises:
        BootError: the internal database fails, then or in what is done inside.
    """
    import psycopg
    from django.db import Error

    from mathesar.boot.prepare import open_store, release_connections, unusable

    try:
        with contextlib.closing(open_store(plan)) as opened:
            yield opened
    except (Error, psycopg.Error, sqlite3.Error) as error:
        raise unusable(plan, error) from None
    finally:
        release_connections()


def loader() -> MigrationLoader:
    """Return the migrations on disk, and which of them the internal database has."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connection)


def unknown(migrations: frozenset[Migration], found: MigrationLoader) -> frozenset[Migration]:
    """Return the migrations that this version does not have."""
    known = set(found.disk_migrations or ())
    replaced = {name for migration in (found.disk_migrations or {}).values() for name in migration.replaces}
    return migrations - known - replaced
