"""Does the name resolve, and does the server let us in?"""

from __future__ import annotations

from typing import Any

import psycopg

from provisioner.connecting import ConnectFailed
from provisioner.doctor.diagnosis import Check, complaint
from provisioner.doctor.statements import shown
from provisioner.doctor.subject import Subject

HOST, CONNECTION = "host", "connection"
_HOST_CODES = ("dns", "host-blocked")


def reached(connection: psycopg.Connection[Any], role: str) -> list[Check]:
    """Return the rows of a connection that was made."""
    address = connection.info.hostaddr
    where = "a socket of this machine" if connection.info.host.startswith("/") else f"leads to {address}"
    return [Check(HOST, "ok", where, holds=True), Check(CONNECTION, "ok", f"made as {shown(role)}", holds=True)]


def unreached(failed: ConnectFailed, subject: Subject) -> list[Check]:
    """Return the rows of a connection that was not made."""
    problem = subject.finding(f"live-{failed.code}", what=failed.what)
    if failed.code in _HOST_CODES:
        words = "has no address" if failed.code == "dns" else "is not allowed"
        return [complaint(HOST, words, problem), Check(CONNECTION, "unknown", "not tried")]
    words = {
        "refused": "nothing listens at that host and port",
        "timeout": "no answer in time",
        "tls": "the two sides do not agree on TLS",
        "auth": "user name or password refused",
        "cleartext": "the server wants the password in clear text; it was not sent",
        "no-database": "the server has no such database",
        "too-many": "the server has no connection left",
    }.get(failed.code, "not accepted")
    return [Check(HOST, "ok", "has an address", holds=True), complaint(CONNECTION, words, problem)]
