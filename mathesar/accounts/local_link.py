"""The link that signs a person in on their own machine, printed by `mathesar start`."""

from __future__ import annotations

import base64
import hmac

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.models import AbstractUser

from mathesar import current

OWNER = "owner"


def make_link(base_url: str) -> str:
    """Return `<base_url>/open/<token>`; it works until this run of the server ends."""
    return f"{base_url.rstrip('/')}/open/{_token()}"


def is_valid(token: str) -> bool:
    """Compare in constant time; never valid where the plan is not a person's own machine."""
    return current.get_plan().own_machine and hmac.compare_digest(token.encode(), _token().encode())


def owner() -> AbstractUser:
    """Return the machine's owner, a superuser without a password, made when first needed; that claims the install."""
    rights = {"is_superuser": True, "is_staff": True, "is_active": True, "password": make_password(None)}
    user, _ = get_user_model().objects.get_or_create(username=OWNER, defaults=rights)
    return user


def somebody_has_a_password() -> bool:
    """Tell whether anybody could sign in without the link."""
    return get_user_model().objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def _token() -> str:
    digest = hmac.digest(current.derived_key("local-link"), current.RUN_ID, "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()
