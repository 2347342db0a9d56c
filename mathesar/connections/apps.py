"""The databases that people work with."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Holds the list of databases; credentials are never in it."""

    name = "mathesar.connections"
    label = "connections"
