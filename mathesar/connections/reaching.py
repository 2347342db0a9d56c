"""How a row's database is reached: by the environment's words for an entry, by the keyring for the others."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

import psycopg

from mathesar import current
from mathesar.connections.credentials import Credentials
from mathesar.connections.errors import ConnectionRefused, live
from mathesar.connections.keyring import open_row
from mathesar.connections.models import OUT_OF_SERVICE, Database, Source, Status
from provisioner.connecting import ConnectFailed, connect
from provisioner.database_url import DatabaseUrl
from provisioner.entries import DatabaseEntry, name_key
from provisioner.findings import finding

MOST_TRYING = 2  # connects in progress against one server, in one process
REQUESTS = "requests"  # stands for all requests of the process together
TURN_SECONDS = 1.0  # how long one waits for a turn: behind a server that does not answer, nobody queues


@dataclass(frozen=True)
class Reach:
    """Where a database is and how it is entered; `authority` is a PEM text or None."""

    url: DatabaseUrl
    authority: str | None = None


def reach_of(row: Database) -> Reach:
    """Return how a row's database is reached.

    Raises:
        ConnectionRefused: its entry is out of service.
        Locked: its credentials cannot be read.
    """
    if row.status in OUT_OF_SERVICE:
        raise ConnectionRefused(finding("connection-out-of-service", "name", name=row.name, what=_why(row)))
    if row.source == Source.ENVIRONMENT:
        entry = entry_of(row)
        if entry is None:
            raise ConnectionRefused(finding("connection-out-of-service", "name", name=row.name, what="not defined"))
        return Reach(entry.url, current.get_plan().ca_certificate)
    return reach_with(open_row(row))


def reach_with(credentials: Credentials) -> Reach:
    """Return how a database is reached with credentials that may not be stored yet."""
    return Reach(credentials.url(), credentials.ca or current.get_plan().ca_certificate)


def entry_of(row: Database) -> DatabaseEntry | None:
    """Return the plan's entry of a row: the only place where its credentials are."""
    return next((entry for entry in current.get_plan().entries if name_key(entry.name) == row.key), None)


def connect_to(
    reach: Reach, *, background: bool = False, most: int = MOST_TRYING, patience: float = TURN_SECONDS
) -> psycopg.Connection[Any]:
    """Return a new autocommit connection, within about `LIMIT_SECONDS` and a turn's wait of `patience` seconds.

    At most `most` connect to one server at a time; and unless it is `background` work in threads of its own, two of
    the server's threads are always left for other requests.

    Raises:
        ConnectFailed: with its code; `busy` where others already wait.
    """
    plan = current.get_plan()
    limits = {f"{reach.url.host}:{reach.url.port}": most}
    if not background:
        limits[REQUESTS] = max(1, plan.threads - 2)
    with _turn(limits, patience):
        return connect(
            reach.url,
            profile=plan.profile,
            authority=reach.authority,
            block_private=plan.block_private_hosts,
        )


def refused(failed: ConnectFailed) -> ConnectionRefused:
    """Return the error that pages and API show for an existing connection that cannot be made."""
    return ConnectionRefused(live(failed.code, platform=current.get_plan().platform, what=failed.what))


@dataclass
class _Trying:
    """Who connects at this moment, by server."""

    condition: Condition = field(default_factory=Condition)
    places: Counter[str] = field(default_factory=Counter)


_trying = _Trying()


@contextmanager
def _turn(limits: dict[str, int], patience: float) -> Iterator[None]:
    """Be one of the few that connect; who waits too long for a turn is told so."""
    end = time.monotonic() + patience
    with _trying.condition:
        while any(_trying.places[place] >= most for place, most in limits.items()):
            left = end - time.monotonic()
            if left <= 0:
                raise ConnectFailed("busy")
            _trying.condition.wait(left)
        _trying.places.update(limits.keys())
    try:
        yield
    finally:
        with _trying.condition:
            _trying.places.subtract(limits.keys())
            _trying.places += Counter()  # forget those at zero
            _trying.condition.notify_all()


def _why(row: Database) -> str:
    return {Status.MISSING: "its variable is not set", Status.DETACHED: "it is detached"}.get(
        Status(row.status), f"{row.variable} has an error"
    )
