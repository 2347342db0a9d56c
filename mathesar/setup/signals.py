"""A superuser who is made in any way (a command, the environment, the local link) claims the install."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser

from mathesar.setup import claim


def on_saved(instance: AbstractUser, raw: bool = False, **_: Any) -> None:
    """Mark the install in the transaction that makes the superuser."""
    if instance.is_superuser and not raw:
        claim.mark()
