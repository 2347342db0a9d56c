"""Keys that generators write are accepted; keys that can be guessed are not."""

from __future__ import annotations

import base64
import secrets
import string

import pytest

from provisioner.published_keys import PUBLISHED
from provisioner.secret_key import weakness

ALPHANUMERIC = string.ascii_letters + string.digits
DJANGO = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)"

GENERATORS = {
    "render": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "heroku": lambda: secrets.token_hex(32),
    "railway": lambda: "".join(secrets.choice(ALPHANUMERIC) for _ in range(50)),
    "django": lambda: "".join(secrets.choice(DJANGO) for _ in range(50)),
    "openssl": lambda: base64.b64encode(secrets.token_bytes(48)).decode(),
    "token_urlsafe": lambda: secrets.token_urlsafe(32),
}


@pytest.mark.parametrize("name", GENERATORS)
def test_generated_keys_are_accepted(name):
    assert [key for key in (GENERATORS[name]() for _ in range(300)) if weakness(key)] == []


def test_a_short_random_key_in_mixed_case():
    assert weakness("pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi") is None


@pytest.mark.parametrize(
    "key",
    [
        "hunter2",
        "x" * 64,
        "0" * 64,
        "deadbeef" * 8,
        "A" * 43 + "=",
        "changeme" * 8,
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        "please-replace-this-with-fifty-random-characters-or-more",
        "your-super-secret-jwt-token-with-at-least-32-characters-long",
        "django-insecure-4f8s7d6f5g4h3j2k1l0q9w8e7r6t5y4u3i2o1p",
        "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
        "SW2YcwTIb9zpOOhoPsMm",
        "2gr6ud88x=(p855_5nbj_+7^bw-iz&n7ldqv%94mjaecl+b9=4",
        "2gr6ud88x=(p855_and-any-other-ending-that-was-published-with-it",
        "6b01eee4f945ca25045b5aab440b953461faf08693a9abbf1166dc7c6b9772da",
        "correct horse battery staple and so on",
    ],
)
def test_weak_keys_are_refused_without_being_quoted(key):
    reason = weakness(key)
    assert reason
    assert key not in reason


def test_at_least_twenty_published_keys_are_known():
    assert len(PUBLISHED) >= 20
    assert all(len(digest) == 64 for digest in PUBLISHED)
