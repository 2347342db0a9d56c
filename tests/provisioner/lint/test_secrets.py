"""What counts as a secret in clear, as verification turned off and as the wrong shape."""

from __future__ import annotations

import base64

import pytest

from provisioner.lint.secrets import clear_secret, framework, misshapen, verification_off
from provisioner.recipes import Recipe


def jwt(claims: bytes) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.c2lnbmF0dXJl"


BASE64 = Recipe("generateValue", "base64", 44, 1)
HEX = Recipe("generator", "hex", 64)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "somethingsupersecret"),
        ("NEXTAUTH_SECRET", "secret"),
        ("DB_PASSWORD", "postgres"),
        ("CRON_API_KEY", "0cc0e6c35519bba620c9360cfe3e68d0"),
        ("ENCRYPTION_KEY", "change-me"),
        ("JWT_TOKEN", "abc.def.ghi"),
        ("AUTH_PASS", "admin"),
        ("DATABASE_URL", "postgres://app:hunter2@db.example.com/app"),
        ("ANYTHING", "ghp_" + "a1B2" * 9),
        ("WHATEVER", "-----BEGIN RSA PRIVATE KEY-----"),
        ("session_key", "Zq3vT8mXw2Lk"),
        ("DB_PWD", "hunter2"),
        ("SUPABASE_SERVICE_ROLE_KEY", jwt(b'{"role": "service_role"}')),
        ("ANYTHING", jwt(b'{"sub": "1"}')),
        ("BOT", "123456789:AA" + "b" * 33),
    ],
)
def test_a_secret_in_clear(name, value):
    assert clear_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "${SECRET_KEY}"),
        ("SECRET_KEY", "$SERVICE_PASSWORD_64_APP"),
        ("SECRET_KEY", "<your key here>"),
        ("SECRET_KEY", "EV[1:abc:def]"),
        ("DATABASE_URL", "postgres://localhost/app"),
        ("DATABASE_URL", "postgres://${USER}:${PASSWORD}@db/app"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("ACCESS_TOKEN_LIFETIME", "PT1H"),
        ("TOKEN_EXPIRY", "3600"),
        ("PASSWORD_RESET_URL", "https://example.com/reset"),
        ("SECRET_KEY_FILE", "/etc/secrets/key"),
        ("ENABLE_PASSWORD", "yes"),
        ("DISABLE_TOKEN", "true"),
        ("PUBLIC_KEY", "MFkwEwYHKoZIzj0CAQ"),
        ("PORT", "8000"),
        ("COMPASS", "north"),
        ("KEYBOARD", "qwertz"),
        ("API_KEY", "NAME_OF_ANOTHER"),
        ("SUPABASE_KEY", jwt(b'{"role": "anon"}')),
        ("VITE_FIREBASE_API_KEY", "AIza" + "x" * 35),
        ("TOKEN_LIMIT", "100000"),
        ("SECRET_MANAGER", "aws-secrets"),
        ("PASSWORD_HASHER", "argon2"),
        ("API_SECRET", "configure_it_to_enable_images"),
    ],
)
def test_no_secret_in_clear(name, value):
    assert not clear_secret(name, value)


@pytest.mark.parametrize(
    "assignment",
    [
        "DATABASE_URL=postgres://h/d?sslmode=disable",
        "DATABASE_URL=postgres://h/d?sslmode=no-verify",
        "PGSSLMODE=allow",
        "NODE_TLS_REJECT_UNAUTHORIZED=0",
        "DATABASE_URL=postgres://h/d?ssl=false",
        "DB_SSL_REJECT_UNAUTHORIZED=false",
        "REDIS_TLS_VERIFY=no",
        "GIT_SSL_NO_VERIFY=1",
    ],
)
def test_verification_off(assignment):
    assert verification_off(assignment)


@pytest.mark.parametrize(
    "assignment",
    [
        "DATABASE_URL=postgres://h/d?sslmode=require",
        "PGSSLMODE=verify-full",
        "NODE_TLS_REJECT_UNAUTHORIZED=1",
        "SSL=true",
    ],
)
def test_verification_on(assignment):
    assert verification_off(assignment) == ""


@pytest.mark.parametrize(
    ("name", "made", "judged"),
    [
        ("SECRET_KEY", BASE64, True),
        ("SECRET_KEY", HEX, True),
        ("SECRET_KEY", Recipe("secret(16)", "alphanumeric", 16), False),
        ("DJANGO_SECRET_KEY", Recipe("secret(31)", "hex", 31), False),
        ("DATABASE_URL", HEX, False),
        ("PASSWORD", Recipe("secret(8)", "hex", 8), True),
    ],
)
def test_shapes(name, made, judged):
    assert (misshapen(name, made) is None) == judged


@pytest.mark.parametrize(
    ("name", "made", "judged"),
    [
        ("APP_KEY", BASE64, False),
        ("SECRET_KEY_BASE", BASE64, True),  # Rails takes any; only Phoenix counts
        ("SECRET_KEY_BASE", HEX, True),
        ("AIRFLOW__CORE__FERNET_KEY", BASE64, False),
        ("SECRET_KEY", BASE64, True),
    ],
)
def test_frameworks(name, made, judged):
    assert (framework(name, made) is None) == judged


def test_phoenix_counts_characters():
    assert "64" in str(framework("SECRET_KEY_BASE", BASE64, "elixir"))
    assert framework("SECRET_KEY_BASE", HEX, "elixir") is None
