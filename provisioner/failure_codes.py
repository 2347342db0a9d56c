"""Why a connection failed, as one word of a closed list; the server's own text is never passed on."""

from __future__ import annotations

import re

_WHERE = re.compile(r"^.*?failed: ", re.DOTALL)
_QUOTED = re.compile(r'"[^"\n]*"')
# libpq gives no SQLSTATE for a failed connection, so its English texts are the only source; what another
# language says becomes "other".
_PATTERNS = (
    ("too-many", ("too many", "remaining connection")),  # before others: it may name a role or a database
    ("dns", ("could not translate host name", "name or service not known", "getaddrinfo", "resolve")),
    (
        "refused",
        ("connection refused", "no such file or directory", "no route to host", "network is unreachable"),
    ),
    ("timeout", ("timeout", "timed out")),
    ("cleartext", ("authentication method requirement",)),
    ("auth", ("authentication", "no pg_hba.conf entry", "no such user", 'role "', "password")),
    ("tls", ("ssl", "certificate", "tls")),
    ("no-database", ('database "', "no such database")),
)
_SQLSTATES = {"28P01": "auth", "28000": "auth", "3D000": "no-database", "53300": "too-many", "57014": "timeout"}


def failure_code(failure: str) -> str:
    """Return the code for a failed connection's text.

    It is dns, refused, timeout, tls, auth, cleartext, no-database, too-many or other.
    """
    text = _QUOTED.sub('"', _WHERE.sub("", failure)).lower()  # a host's or user's name says nothing
    if "no pg_hba.conf entry" in text and "no encryption" in text:
        return "tls"
    return next((code for code, parts in _PATTERNS if any(part in text for part in parts)), "other")


def sqlstate_code(sqlstate: str | None) -> str | None:
    """Return the code of a SQLSTATE that a server gave while connecting, or None."""
    return _SQLSTATES.get(sqlstate or "")
