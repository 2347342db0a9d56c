"""Is there a connection pooler between us and the server, and of which mode?"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Literal

import psycopg

from provisioner.connecting import ConnectFailed, cut_off
from provisioner.doctor.diagnosis import Check, complaint
from provisioner.doctor.subject import Subject
from provisioner.pooling import is_transaction_pooler

POOLER = "pooler"
Mode = Literal["none", "session", "transaction"]
# PgBouncer's own port; Supabase's and DigitalOcean's for transaction mode
_PORTS = {"6432": "port 6432", "6543": "port 6543", "25061": "port 25061"}
_ROUNDS = 3


def pooler(connection: psycopg.Connection[Any], subject: Subject) -> Check:
    """Return the row; makes up to two more connections."""
    mode = _mode(connection, subject)
    if mode == "transaction":
        if "user" in subject.purposes:
            return complaint(POOLER, "one in transaction mode", subject.finding("live-pooler"))
        return complaint(POOLER, "one in transaction mode", subject.finding("doctor-pooler-internal"))
    sign = "another process answers than the one that took the connection" if mode == "session" else _sign(subject)
    if sign:
        return complaint(POOLER, sign, subject.finding("doctor-pooler-suspected", sign=sign))
    return Check(POOLER, "ok", "none: a direct connection", holds=True)


def _mode(connection: psycopg.Connection[Any], subject: Subject) -> Mode:
    with ExitStack() as guards:

        def connect_again() -> psycopg.Connection[Any]:
            second = subject.connect()
            guards.enter_context(cut_off(second, subject.circumstances.seconds))
            return second

        if is_transaction_pooler(connection, connect_again):
            return "transaction"
    # A pooler that hands its servers out in turn gives itself away to a client that asks several times in a row.
    processes = {connection.execute("SELECT pg_backend_pid()").fetchone() for _ in range(_ROUNDS)}
    if len(processes) > 1:
        return "transaction"
    return "none" if processes == {(connection.info.backend_pid,)} else "session"


def _sign(subject: Subject) -> str:
    """Return what makes one think of a pooler where the processes do not tell, or ''."""
    url = subject.entry.url
    port = next((_PORTS[each] for each in url.port.split(",") if each in _PORTS), "")
    if port:
        return f"{port} is one where poolers listen"
    if "pooler" in url.host.lower():
        return "the host's name says so"
    try:
        again = subject.connect(url.with_params(options="-c TimeZone=UTC"))
        with cut_off(again, subject.circumstances.seconds), again:
            row = again.execute("SELECT source FROM pg_catalog.pg_settings WHERE name = 'TimeZone'").fetchone()
    except ConnectFailed as failed:
        return "it refuses startup options" if failed.code == "other" else ""
    return "" if row == ("client",) else "it drops startup options"
