"""Is a key strong enough to sign sessions and to encrypt what people type?

Accepted: what platforms' generators really write (base64 or hex of at least 256 bits, a random string of at
least 32 characters in mixed case with digits), and Django's own limit (50 characters, 5 of them distinct).
Refused: published keys, ``django-insecure-``, placeholders, repetitions and sequences.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from itertools import pairwise
from math import log2

from .published_keys import PREFIX_LENGTH, PUBLISHED, PUBLISHED_PREFIXES

LENGTH = 50  # django.core.checks.security.base.SECRET_KEY_MIN_LENGTH
DISTINCT = 5  # django.core.checks.security.base.SECRET_KEY_MIN_UNIQUE_CHARACTERS
BITS = 256
RANDOM_LENGTH = 32  # Railway's secret() without arguments
RANDOM_BITS = 128

_HEX = re.compile(r"(?:[0-9a-f]{64,}|[0-9A-F]{64,})")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{42,}={0,2}|[A-Za-z0-9_-]{42,}={0,2}")
_PLACEHOLDER = re.compile(
    r"change.?me|your.?(?:own.?)?(?:super.?)?(?:secret|key|password)|replace.?(?:me|this|with)|placeholder"
    r"|insert.?(?:your|here)|secret.?key.?(?:here|goes)|(?:do.?not|never).?use|insecure",
    re.IGNORECASE,
)


def weakness(key: str) -> str | None:
    """Return why `key` must not be used, in words that quote none of it; None for a key that is fit.

    `key` is already stripped of surrounding white space.
    """
    if _published(key):
        return "it was published with other software"
    if key.startswith("django-insecure-"):
        return "it starts with django-insecure-, the mark of a key for development"
    if _PLACEHOLDER.search(key):
        return "it is a placeholder"
    if _repeats(key) or _sequence(key):
        return "it repeats or counts instead of being random"
    if _encoded_bits(key) or _random(key):
        return None
    if len(key) < LENGTH:
        return f"it is too short: fewer than {LENGTH} characters and not 256 bits in base64 or hex"
    if len(set(key)) < DISTINCT:
        return f"it has fewer than {DISTINCT} distinct characters"
    return None


def _published(key: str) -> bool:
    return _digest(key) in PUBLISHED or _digest(key[:PREFIX_LENGTH]) in PUBLISHED_PREFIXES


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _repeats(key: str) -> bool:
    """Is the key one unit written at least twice (a rotation of a periodic string is the string)?"""
    period = (key + key).find(key, 1)
    return 0 < period <= len(key) // 2


def _sequence(key: str) -> bool:
    """Do most characters follow from the one before, as in ``aaaabbbb`` or ``abcdef0123``?"""
    steps = [abs(ord(after) - ord(before)) <= 1 for before, after in pairwise(key)]
    return bool(steps) and sum(steps) > len(steps) // 2


def _encoded_bits(key: str) -> bool:
    """Is the key hex or canonical base64 of at least 256 bits that look random?"""
    if _HEX.fullmatch(key) and len(key) % 2 == 0:
        return _looks_random(bytes.fromhex(key))
    if not _BASE64.fullmatch(key):
        return False
    body = key.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except binascii.Error:
        return False
    canonical = base64.b64encode(data).decode().rstrip("=") == body
    return canonical and _looks_random(data)


def _looks_random(data: bytes) -> bool:
    # 32 random bytes have 30 distinct values on average; fewer than 16 does not happen by chance.
    return len(data) * 8 >= BITS and len(set(data)) >= 16


def _random(key: str) -> bool:
    """Is this a random string of mixed case and digits with at least 128 bits by its own alphabet?"""
    classes = ("[a-z]", "[A-Z]", "[0-9]")
    return (
        len(key) >= RANDOM_LENGTH
        and all(re.search(pattern, key) for pattern in classes)
        and len(key) * log2(len(set(key))) >= RANDOM_BITS
    )
