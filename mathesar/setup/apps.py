"""The first run: who may claim a new install."""

from __future__ import annotations

from django.apps import AppConfig


class SetupConfig(AppConfig):
    """Holds the one row that says which install this is, and whether it was claimed."""

    name = "mathesar.setup"
    label = "setup"
