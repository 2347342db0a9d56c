"""API tokens: `mts_<prefix>_<secret>`, the secret 256 random bits.

So much randomness needs neither a slow hash nor a key: SHA-256 of it cannot be searched.

TooMany                 this person has as many tokens as there may be
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mathesar.accounts.models import ApiToken
from provisioner.secret import Secret

MOST = 50
NOTED_EVERY = timedelta(minutes=1)
_FORM = re.compile(r"bearer +mts_([a-z2-7]{8})_([a-z2-7]{52})", re.IGNORECASE)
_NOBODY = "0" * 64  # what an unknown token is compared with, so that it costs what a known one does


class TooMany(Exception):
    """There are `MOST` tokens already."""


def create(user: User, name: str, expires_at: datetime | None = None) -> tuple[ApiToken, Secret]:
    """Make a token; return its row and the whole text, which nobody can show again.

    Raises:
        TooMany: this person has `MOST` already.
    """
    prefix, secret = _random(5), _random(32)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if ApiToken.objects.filter(user=user).count() >= MOST:
            raise TooMany
        row = ApiToken.objects.create(
            user=user, name=name, prefix=prefix, digest=_digest(secret), expires_at=expires_at
        )
    return row, Secret(f"mts_{prefix}_{secret}")


def revoke(user: User, token_id: int) -> bool:
    """Delete one of this person's own tokens; tell whether it was there."""
    return ApiToken.objects.filter(user=user, pk=token_id).delete()[0] > 0


def revoke_all(user: User) -> int:
    """Delete all tokens of a person; return how many there were."""
    return ApiToken.objects.filter(user=user).delete()[0]


def authenticate(header_value: str, now: datetime | None = None) -> User | None:
    """Return whose token an Authorization header holds (`Bearer mts_…`), or None.

    None is also the answer to an expired token and to one of somebody who is not active. The secret's hash is
    compared in constant time.
    """
    found = _FORM.fullmatch(header_value.strip())
    if found is None:
        return None
    now = now or timezone.now()
    row = ApiToken.objects.select_related("user").filter(prefix=found[1].lower()).first()
    fits = hmac.compare_digest(_digest(found[2].lower()), row.digest if row else _NOBODY)
    if row is None or not fits or not row.user.is_active or (row.expires_at and row.expires_at <= now):
        return None
    if row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=row.pk).update(last_used_at=now)
    user: User = row.user
    return user


def _random(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
