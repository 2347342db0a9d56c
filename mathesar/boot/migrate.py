"""Django's migrations: which exist on disk, and running them with the lock looked after."""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

Migration = tuple[str, str]  # app label, name


def on_disk() -> frozenset[Migration]:
    """Return every migration of the installed apps by the names of their files; none of them is imported."""
    from django.apps import apps

    return frozenset(
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if module.name[0] not in "_~" and not module.ispkg
    )


def fingerprint(migrations: Collection[Migration]) -> str:
    """Return a short text that changes with the set of migrations."""
    lines = "\n".join(sorted(f"{app} {name}" for app, name in migrations))
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


def run(before_each: Callable[[], None]) -> int:
    """Apply what is missing and what Django does after it; return how many migrations were applied.

    `before_each` runs before each migration and may raise to stop. Each migration and the row that records it
    are one transaction: Django's own command records some of them afterwards, and a process that dies in
    between leaves tables that the next one cannot make.
    """
    from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    applied = 0

    class Executor(MigrationExecutor):
        def apply_migration(self, state: Any, migration: Any, *arguments: Any, **options: Any) -> Any:
            nonlocal applied
            before_each()
            applied += 1
            if not migration.atomic:
                return super().apply_migration(state, migration, *arguments, **options)
            with connection.constraint_checks_disabled(), transaction.atomic():
                return super().apply_migration(state, migration, *arguments, **options)

    executor = Executor(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(targets)
    state = executor._create_project_state(with_applied_migrations=True)
    emit_pre_migrate_signal(0, False, connection.alias, apps=state.apps, plan=plan)
    state = executor.migrate(targets, plan=plan, state=state)
    emit_post_migrate_signal(0, False, connection.alias, apps=state.apps, plan=plan)
    return applied
