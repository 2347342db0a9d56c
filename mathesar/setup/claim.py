"""Claiming an install: one person, once, whatever happens at the same time.

AlreadyClaimed          somebody else was quicker
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils import timezone

from mathesar.setup.models import Installation


class AlreadyClaimed(Exception):
    """There is a superuser already."""


def installation() -> Installation:
    """Return the one row; made again if somebody deleted it, which changes the setup code."""
    return Installation.objects.get_or_create(id=1)[0]


def is_claimed() -> bool:
    """Tell whether somebody has claimed this install, or a superuser was made in any other way; one query."""
    superusers = get_user_model().objects.filter(is_superuser=True)
    found = Installation.objects.annotate(has_superuser=Exists(superusers)).filter(id=1).first()
    if found is None:
        return superusers.exists()
    return found.claimed_at is not None or bool(found.has_superuser)


def mark(now: datetime | None = None) -> None:
    """Note that the install is claimed; an earlier mark stays."""
    Installation.objects.filter(id=1, claimed_at=None).update(claimed_at=now or timezone.now())


def claim(username: str, email: str, hashed_password: str, *, again: bool = False) -> User:
    """Make the first superuser and mark the install claimed, in one transaction under the row's lock.

    The password comes hashed, so that nothing slow is done while others wait for the lock. With `again` an install
    that was claimed once and has no superuser any more may be claimed anew; only the environment may do that.

    Raises:
        AlreadyClaimed: it was claimed meanwhile, or a superuser was made.
    """
    installation()
    with suppress(IntegrityError), transaction.atomic():
        row = Installation.objects.select_for_update().get(id=1)
        if (row.claimed_at is not None and not again) or get_user_model().objects.filter(is_superuser=True).exists():
            raise AlreadyClaimed
        user = User(username=username, email=email, password=hashed_password, is_superuser=True, is_staff=True)
        user.save()  # marks the install, too: see signals.py
        return user
    raise AlreadyClaimed  # the name was taken in the very same moment
