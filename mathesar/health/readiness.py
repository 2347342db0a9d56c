"""What /readyz looks at: the internal database, the migrations, the key. User databases never count."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import connection

from mathesar import current

LIMIT_SECONDS = 1.0
# A key that does not fit is shown and leaves the app in service: stored connections can be re-entered.
REQUIRED = frozenset({"database", "migrations"})


def check() -> dict[str, bool]:
    """Return each check's name and whether it passed, within `LIMIT_SECONDS`."""
    try:
        applied = _look().result(LIMIT_SECONDS)
    except Exception:  # whatever is wrong with the database, the answer is "not ready", and no detail leaves
        return {"database": False, "migrations": False, "key": current.get_key_state() != "mismatch"}
    return {
        "database": True,
        "migrations": expected_migrations() <= applied,
        "key": current.get_key_state() != "mismatch",
    }


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """Return (app label, name) of every migration file on disk, without importing any."""
    return frozenset(
        (config.label, path.stem)
        for config in apps.get_app_configs()
        for path in (Path(config.path) / "migrations").glob("[!_]*.py")
    )


class _Probe:
    """One look at a time: probers that come while a silent database is asked wait for the same answer."""

    lock = threading.Lock()
    executor: ThreadPoolExecutor | None = None
    running: Future[set[tuple[str, str]]] | None = None


def _look() -> Future[set[tuple[str, str]]]:
    with _Probe.lock:
        if _Probe.executor is None:  # made after the fork: threads do not survive one
            _Probe.executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
        if _Probe.running is None or _Probe.running.done():
            _Probe.running = _Probe.executor.submit(_applied_migrations)
        return _Probe.running


def _applied_migrations() -> set[tuple[str, str]]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if "django_migrations" not in connection.introspection.table_names(cursor):
                return set()
            cursor.execute("SELECT app, name FROM django_migrations")
            return {(str(app), str(name)) for app, name in cursor.fetchall()}
    finally:
        connection.close()
