"""Environment values as people and platforms might write them, with a secret planted in each."""

from __future__ import annotations

import random
from urllib.parse import quote

_WORD = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_AWKWARD = "@:/?#[]%&=+ ,|()'\"\\$`{}<>~!*;^\t\n\r\x00\x7f\u00a0\u00e9\u200b\u202e\u2100\uff20\ufeff\U0001f511"
_PREFIXES = (
    "postgresql://",
    "postgres://",
    "POSTGRES://",
    "postgresql:/",
    "postgresql:",
    "mysql://",
    "",
    "postgresql+psycopg://",
)
_HOSTS = (
    "db.example.com",
    "dpg-abc123-a",
    "postgres.railway.internal",
    "localhost",
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "10.0.0.5",
    "[2001:db8::1]",
    "[::1]",
    "[::ffff:169.254.169.254]",
    "169.254.169.254",
    "0",
    "",
    "db_1",
    "db.example.com.",
    "h1,h2",
    "h1:1,h2:2",
    "h1:,h2:5",
    ",h",
    "h,",
    "%2Fvar%2Frun",
    "a..b",
    "-a",
    "é.example",
    "[::1",
    "::1",
    "@abstract",
    "%40x",
    "aws-0.pooler.supabase.com",
    "224.0.0.1",
    "1.2.3",
    "256.1.1.1",
    "01.2.3.4",
    "h%31",
)
_PORTS = (
    "",
    ":5432",
    ":6543",
    ":",
    ":0",
    ":65536",
    ":abc",
    ":-1",
    ":05432",
    ":5432x",
    ":%35",
    ":\uff15",
    ":1,2",
    ":٣",
)
_DATABASES = (
    "/mathesar",
    "/",
    "",
    "/a%20b",
    "/a/b",
    "/a%2Fb",
    "/a=b",
    "/a%3Db",
    "/a#b",
    "/a@b",
    "/%",
    "/" + "d" * 64,
    "//x",
    "/a%00",
    "/é",
)
_PARAMETERS = (
    "sslmode=require",
    "sslmode=disable",
    "sslmode=no-verify",
    "ssl=true",
    "ssl=false",
    "sslrootcert=system",
    "sslmode=verify-full",
    "sslrootcert=/etc/passwd",
    "options=-c%20role%3Dx",
    "hostaddr=1.2.3.4",
    "host=evil",
    "user=x",
    "dbname=y",
    "port=1",
    "connect_timeout=10",
    "connect_timeout=0",
    "application_name=a+b",
    "application_name=%20",
    "keepalives=1",
    "service=x",
    "passfile=/x",
    "target_session_attrs=any",
    "a",
    "=",
    "a=b=c",
    "%73slmode=require",
    "sslmode=%72equire",
    "SSLMODE=require",
    "pgbouncer=true",
    "",
    "require_auth=scram-sha-256",
    "channel_binding=require",
    "sslkeylogfile=/x",
    "host=/run/x",
    "gssencmode=disable",
)
_NAMES = (
    "one",
    "One",
    "",
    "default",
    "Sales & Ops",
    " spaced ",
    "a/b",
    "n" * 129,
    "é",
    "e\u0301",
    "<b>",
    "İ",
    "ß",
)


def secret(rng: random.Random) -> str:
    """A password of 12 to 24 characters that no other part of a value contains."""
    return "".join(rng.choice(_WORD) for _ in range(rng.randint(12, 24)))


def database_url(rng: random.Random, planted: str) -> str:
    """A URL that is often right in most parts and odd in some."""
    password = planted
    if rng.random() < 0.5:
        cut = rng.randrange(len(password) + 1)
        odd = rng.choice(_AWKWARD)
        password = password[:cut] + (quote(odd, safe="") if rng.random() < 0.5 else odd) + password[cut:]
    user = _mostly(rng, "app", ("", "app%40tenant", "a@b", "a:b", "<user>", "é", "%00", "u" * 64))
    parts = [
        _mostly(rng, "postgresql://", _PREFIXES),
        user,
        _mostly(rng, ":", ("", "::")),
        password,
        _mostly(rng, "@", ("", "@@", "/")),
        _mostly(rng, "db.example.com", _HOSTS),
        _mostly(rng, ":5432", _PORTS),
        _mostly(rng, "/mathesar", _DATABASES),
    ]
    if rng.random() < 0.5:
        parts.append(
            "?" + rng.choice(("&", "&", "&", "&&", ";")).join(rng.choice(_PARAMETERS) for _ in range(rng.randint(0, 3)))
        )
    return _mutated(rng, "".join(parts))


def databases(rng: random.Random, planted: str) -> str:
    """A list of entries, now and then with a broken one."""
    items = []
    for _ in range(rng.randint(1, 3)):
        opening, bar, closing = (
            _mostly(rng, "(", ("", "((")),
            _mostly(rng, "|", (",", "||", "")),
            _mostly(rng, ")", ("", "))")),
        )
        items.append(opening + _mostly(rng, secret(rng), _NAMES) + bar + database_url(rng, planted) + closing)
    return _mutated(rng, rng.choice((",", ", ", "", "\n", ",,")).join(items))


def _mostly(rng: random.Random, usual: str, others: tuple[str, ...]) -> str:
    return usual if rng.random() < 0.85 else rng.choice(others)


def _mutated(rng: random.Random, text: str) -> str:
    roll = rng.random()
    if roll < 0.6:
        return text
    if roll < 0.7:
        return rng.choice((" ", "\n", "\ufeff", '"', "'")) + text + rng.choice(("", "\n", '"', "'", "\r\n"))
    position = rng.randrange(len(text) + 1)
    if roll < 0.85:
        return text[:position] + rng.choice(_AWKWARD) + text[position:]
    if roll < 0.95:
        return text[:position] + text[position + rng.randint(1, 4) :]
    return text[position:] + text[:position]
