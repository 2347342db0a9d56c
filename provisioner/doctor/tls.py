"""Which TLS is in use, and which is the strongest that works.

Modes other than the URL's are tried without a password: TLS comes before the server asks for one, so what it says
then tells whether TLS was agreed on, and no secret goes to a server that has not proved its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg

from provisioner.connecting import ConnectFailed
from provisioner.doctor.diagnosis import Check, complaint
from provisioner.doctor.subject import Subject
from provisioner.plan_databases import default_sslmode
from provisioner.secret import Secret

TLS = "TLS"
STRENGTH = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_NOT_AGREED = frozenset({"tls", "dns", "refused", "timeout", "host-blocked", "other"})


def tls_in_use(connection: psycopg.Connection[Any], subject: Subject) -> Check:
    """Return the row for a connection that was made; tries the modes that are stronger than the URL's."""
    url = subject.entry.url
    mode = url.params.get("sslmode", "prefer")
    if url.host.startswith("/"):
        return Check(TLS, "ok", "not needed on a socket", holds=False)
    used = connection.pgconn.ssl_in_use
    if mode == "verify-full" and used:
        return Check(TLS, "ok", "in use; the certificate is verified", holds=True)
    own_network = default_sslmode(url.host, None) is None
    floor = "prefer" if not used else mode
    if used and own_network and mode in ("allow", "prefer"):
        floor = "require"  # on a network of its own that it is used is enough
    strongest = next(_stronger(subject, floor), None)
    now = "in use; the certificate is not verified" if used else "not in use"
    if used and mode == "verify-ca":
        now = "in use; the certificate is verified, the host name is not"
    if strongest is not None:
        problem = subject.finding("doctor-tls-stronger", strongest=strongest)
        return replace(complaint(TLS, f"{now}; sslmode={strongest} works here", problem), holds=used)
    if used:
        return Check(
            TLS, "ok", f"{now}: {'this' if mode == 'verify-ca' else 'require'} is the most that works", holds=True
        )
    if own_network:
        return Check(TLS, "ok", "not in use: the server offers none, on a network of its own", holds=False)
    return complaint(TLS, "not in use: the server offers none", subject.finding("doctor-tls-none"))


def tls_that_would_work(subject: Subject) -> Check:
    """Return the row where TLS was the reason that no connection was made."""
    working = next(_stronger(subject, "prefer"), None)
    words = f"sslmode={working} is the most that works" if working else "the server offers no TLS"
    return Check(TLS, "unknown", words)


def _stronger(subject: Subject, mode: str) -> Iterator[str]:
    """Yield the modes above `mode` that work, the strongest first."""
    for each in reversed(STRENGTH[STRENGTH.index(mode) + 1 :]):
        if each == "verify-ca" and not subject.circumstances.authority:
            continue  # with the system's own authorities libpq takes verify-full alone
        if _is_agreed(subject, each):
            yield each


def _is_agreed(subject: Subject, mode: str) -> bool:
    nothing = replace(subject.entry.url, password=Secret(""))
    # without a password libpq would look for a file of them; a missing one it passes over in silence
    url = nothing.with_params(sslmode=mode, passfile="/nonexistent/none")
    try:
        subject.connect(url).close()
    except ConnectFailed as failed:
        return failed.code not in _NOT_AGREED
    return True
