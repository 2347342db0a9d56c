"""Signing in and out."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Holds the throttle's table; users are Django's own."""

    name = "mathesar.accounts"
    label = "accounts"
