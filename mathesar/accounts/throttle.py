"""Slowing down whoever guesses passwords, without ever locking anybody out for good.

Failures are counted for the user name and for the network (an office behind one address gets more free ones).
After them each further attempt must wait twice as long as the one before, up to `LONGEST_WAIT`. A browser
that signed in as that user before is counted for itself instead of under the user name, so that a stranger's
guesses cannot keep the owner out.
"""

from __future__ import annotations

import hmac
import ipaddress
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from mathesar import current
from mathesar.accounts.models import FailedSignIn

FREE_FAILURES = 4
FREE_FAILURES_OF_NETWORK = 20
LONGEST_WAIT = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(hours=1)
HASHES_AT_ONCE = 2  # one hash is 0.1 s of a full CPU, and small plans have a fraction of one
HASH_QUEUE_SECONDS = 3.0
_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)


class Busy(Exception):
    """Too many passwords are being checked at this moment."""


class TooSoon(Exception):
    """The next attempt has to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


@contextmanager
def hash_slot() -> Iterator[None]:
    """Hold one of the slots for hashing a password in this process.

    Raises:
        Busy: none became free in time.
    """
    if not _hashing.acquire(timeout=HASH_QUEUE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _hashing.release()


def count_attempt(keys: Mapping[str, int], now: datetime | None = None) -> None:
    """Count one attempt as failed before its password is looked at, so that parallel guesses all count.

    `keys` gives the number of free failures for each key.

    Raises:
        TooSoon: one of the keys has to wait; nothing is counted then.
    """
    now = now or timezone.now()
    with transaction.atomic():
        for key in sorted(keys):  # always in one order, so that two attempts cannot wait for each other
            FailedSignIn.objects.get_or_create(key=key, defaults={"failures": 0, "last_failure": now})
        rows = list(FailedSignIn.objects.select_for_update().filter(key__in=list(keys)).order_by("key"))
        for row in rows:
            if now - row.last_failure > FORGOTTEN_AFTER:
                row.failures = 0
            left = row.last_failure + wait_after(row.failures, keys[row.key]) - now
            if left > timedelta(0):
                raise TooSoon(max(1, -(-left // timedelta(seconds=1))))
        for row in rows:
            row.failures += 1
            row.last_failure = now
            row.save()


def forget(keys: Iterable[str], now: datetime | None = None) -> None:
    """Clear the counts after a success, and drop those that nobody added to for long."""
    now = now or timezone.now()
    FailedSignIn.objects.filter(key__in=list(keys)).delete()
    FailedSignIn.objects.filter(last_failure__lt=now - FORGOTTEN_AFTER).delete()


def wait_after(failures: int, free: int) -> timedelta:
    """Return how long the next attempt has to wait after so many failures."""
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free, 16)), LONGEST_WAIT)


def key_of(kind: str, value: str) -> str:
    """Return the table's key: an HMAC, so that the table tells neither names nor addresses."""
    return hmac.digest(current.derived_key("throttle"), f"{kind}|{value}".encode(), "sha256").hex()


def client_network(request: HttpRequest) -> str:
    """Return the visitor's network: the /24 of an IPv4 address, the /56 of an IPv6 one, or "unknown".

    Behind a platform's router the address is the entry that its own proxies appended: counted from the right
    of X-Forwarded-For. What stands left of it is the visitor's own invention.
    """
    hops = current.get_plan().forwarded_hops
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    address = chain[-hops] if 0 < hops <= len(chain) else ""
    try:
        found = ipaddress.ip_address(address or request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = 24 if found.version == 4 else 56
    return str(ipaddress.ip_network(f"{found}/{length}", strict=False))
