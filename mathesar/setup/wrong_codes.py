"""Wrong setup codes, counted for everybody together: ten a minute, in the database, so over all replicas.

Limited               the codes of this minute are used up
└── its `seconds` say when the next may be tried
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mathesar.accounts.models import FailedSignIn
from mathesar.accounts.throttle import key_of

MOST = 10
WINDOW = timedelta(seconds=60)


class Limited(Exception):
    """Too many wrong codes; try again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


def check(is_right: Callable[[], bool], now: datetime | None = None, *, guessable: bool = True) -> bool:
    """Return whether the code is right; count it when it is not.

    A code that is not `guessable` (100 random bits) lets its owner in even while strangers use up every try.

    The comparison happens under the lock of the counter's row, so that parallel guesses cannot share a try. The row's
    time is the beginning of its minute: a flood does not move the end of the wait.

    Raises:
        Limited: too many were wrong in this minute; the code is not looked at.
    """
    if not guessable and is_right():
        return True
    now = now or timezone.now()
    key = key_of("setup", "")
    _refuse_if_spent(FailedSignIn.objects.filter(key=key).first(), now)  # a flood takes no lock
    FailedSignIn.objects.get_or_create(key=key, defaults={"failures": 0, "last_failure": now})
    with transaction.atomic():
        row = FailedSignIn.objects.select_for_update().filter(key=key).first()
        if row is None:  # a sign-in tidied the old row away in this very moment
            row = FailedSignIn(key=key, failures=0, last_failure=now)
        _refuse_if_spent(row, now)
        if is_right():
            return True
        if not row.failures or now - row.last_failure >= WINDOW:
            row.failures, row.last_failure = 0, now
        row.failures += 1
        row.save()
        return False


def _refuse_if_spent(row: FailedSignIn | None, now: datetime) -> None:
    if row is None or row.failures < MOST:
        return
    left = row.last_failure + WINDOW - now
    if left > timedelta(0):
        raise Limited(max(1, -(-left // timedelta(seconds=1))))
