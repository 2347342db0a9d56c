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

    `before_each` runs before each migration and may raise to stop.
    """
    from django.core.management import call_command
    from django.core.management.commands import migrate

    applied = 0

    class Migrate(migrate.Command):
        """Django's own command, silent, that asks before each step."""

        def migration_progress_callback(self, action: str, *_: Any, **__: Any) -> None:
            nonlocal applied
            if action == "apply_start":
                before_each()
                applied += 1

    call_command(Migrate(), interactive=False, verbosity=0, skip_checks=True)
    return applied
