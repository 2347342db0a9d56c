"""The first run: who may claim a new install."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save


class SetupConfig(AppConfig):
    """Holds the one row that says which install this is, and whether it was claimed."""

    name = "mathesar.setup"
    label = "setup"

    def ready(self) -> None:
        """Hear of every superuser that is made."""
        from mathesar.setup.signals import on_saved

        post_save.connect(on_saved, sender=settings.AUTH_USER_MODEL, dispatch_uid="mathesar.setup")
