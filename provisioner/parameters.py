"""Which connection parameters a database URL may carry, after its question mark."""

from __future__ import annotations

import re
from collections.abc import Callable

AUTHORITY = frozenset({"host", "port", "user", "password", "dbname"})

# every other keyword of libpq 18 (postgresql.org/docs/18/libpq-connect.html): known, and refused
FORBIDDEN = frozenset(
    {
        "hostaddr",
        "passfile",
        "client_encoding",
        "options",
        "fallback_application_name",
        "replication",
        "sslcompression",
        "sslcert",
        "sslkey",
        "sslkeylogfile",
        "sslpassword",
        "sslcertmode",
        "sslcrl",
        "sslcrldir",
        "sslsni",
        "requirepeer",
        "ssl_min_protocol_version",
        "ssl_max_protocol_version",
        "min_protocol_version",
        "max_protocol_version",
        "krbsrvname",
        "gsslib",
        "gssdelegation",
        "scram_client_key",
        "scram_server_key",
        "service",
        "oauth_issuer",
        "oauth_client_id",
        "oauth_client_secret",
        "oauth_scope",
    }
)
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
CLEARTEXT_MODES = frozenset({"disable", "allow", "prefer"})
_METHOD = r"!?(?:password|md5|gss|sspi|scram-sha-256|oauth|none)"


def _choice(*words: str) -> tuple[str, Callable[[str], bool]]:
    return " or ".join(words), frozenset(words).__contains__


def _integer(low: int, high: int) -> tuple[str, Callable[[str], bool]]:
    def fits(value: str) -> bool:
        return value.isascii() and value.isdigit() and len(value) <= 9 and low <= int(value) <= high

    return f"a whole number from {low} to {high}", fits


def _matching(words: str, pattern: str) -> tuple[str, Callable[[str], bool]]:
    compiled = re.compile(pattern, re.ASCII)
    return words, lambda value: compiled.fullmatch(value) is not None


ALLOWED: dict[str, tuple[str, Callable[[str], bool]]] = {
    "sslmode": _choice(*SSL_MODES),
    "sslrootcert": _choice("system"),
    "channel_binding": _choice("disable", "prefer", "require"),
    "connect_timeout": _integer(2, 120),
    "application_name": _matching("1 to 63 printable ASCII characters", r"[ -~]{1,63}"),
    "target_session_attrs": _choice("any", "read-write", "primary"),
    "gssencmode": _choice("disable", "prefer", "require"),
    "keepalives": _choice("0", "1"),
    "keepalives_idle": _integer(0, 86400),
    "keepalives_interval": _integer(0, 86400),
    "keepalives_count": _integer(0, 1000),
    "tcp_user_timeout": _integer(0, 3600000),
    "sslnegotiation": _choice("postgres", "direct"),
    "require_auth": _matching("a list of authentication methods such as scram-sha-256", rf"{_METHOD}(?:,{_METHOD})*"),
    "load_balance_hosts": _choice("disable", "random"),
}


def problem(name: str, value: str | None) -> tuple[str, dict[str, str]] | None:
    """Return the kind and details of what is wrong with one parameter, or None."""
    if name in AUTHORITY:
        return "authority-override", {"parameter": name}
    if name in FORBIDDEN or (name == "sslrootcert" and value and value != "system"):
        return "param-forbidden", {"parameter": name}
    if name not in ALLOWED:
        return "param-unknown", {}
    expected, fits = ALLOWED[name]
    if not value or not fits(value):
        return "param-value", {"parameter": name, "expected": expected}
    return None
