"""One start-up at a time per internal database, by a lock that dies with its holder.

PostgreSQL: a polled transaction-level advisory lock. Session locks outlive their client behind a transaction
pooler, and a *blocking* one would hold every slot of a small pool; both were measured. SQLite: a file lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import psycopg

from mathesar.boot.console import say
from mathesar.boot.key_file import unusable
from mathesar.boot.messages import LockLost, failure
from provisioner.findings import finding

LIMIT = 120.0  # seconds
LINE_EVERY = 10.0  # seconds between lines in the log
KEY = int.from_bytes(hashlib.sha256(b"mathesar start").digest()[:8], "big", signed=True)


class Lock(Protocol):
    """What the locked work needs of either kind."""

    def __enter__(self) -> Lock: ...
    def __exit__(self, *_: object) -> None: ...
    def check(self) -> None:
        """Raise LockLost unless the lock is still held."""


def _poll(attempt: Callable[[], bool], variable: str, limit: float) -> None:
    """Call `attempt` until it is true.

    Raises:
        BootError: it was not within `limit` seconds.
    """
    begun = time.monotonic()
    next_line = begun + LINE_EVERY
    while not attempt():
        now = time.monotonic()
        if now - begun >= limit:
            raise failure("start-lock-timeout", variable, seconds=f"{limit:.0f}")
        if now >= next_line:
            say(f"Another process is preparing the internal database; waiting, {now - begun:.0f} of {limit:.0f} s.")
            next_line = now + LINE_EVERY
        time.sleep(random.uniform(0.2, 0.6))  # noqa: S311


class AdvisoryLock:
    """Holds the lock in an open transaction of a connection that is used for nothing else from now on."""

    def __init__(self, connection: psycopg.Connection[Any], *, variable: str, limit: float = LIMIT) -> None:
        self.connection = connection
        self.variable = variable
        self.limit = limit

    def __enter__(self) -> AdvisoryLock:
        _poll(self._attempt, self.variable, self.limit)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(psycopg.Error):
            self.connection.execute("COMMIT")
        with contextlib.suppress(psycopg.Error):
            self.connection.close()

    def check(self) -> None:
        """Ask the server whether this transaction, and so the lock, is still there.

        Raises:
            LockLost: it is not.
        """
        try:
            self.connection.execute("SELECT 1")
        except psycopg.Error:
            details = {"seconds": "0", "reason": ": the connection was lost while preparing it"}
            raise LockLost(finding("internal-other", self.variable, **details)) from None

    def _attempt(self) -> bool:
        self.connection.execute("BEGIN")
        self.connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if self.connection.info.server_version >= 170000:
            self.connection.execute("SET LOCAL transaction_timeout = 0")  # new in PostgreSQL 17
        row = self.connection.execute(f"SELECT pg_try_advisory_xact_lock({KEY})").fetchone()
        if row is not None and row[0]:
            return True
        self.connection.execute("ROLLBACK")
        return False


class FileLock:
    """Holds an exclusive lock on a file of the data directory."""

    def __init__(self, path: Path, *, limit: float = LIMIT) -> None:
        self.path = path
        self.limit = limit
        self.descriptor = -1

    def __enter__(self) -> FileLock:
        try:
            self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise unusable(self.path.parent, self.path) from None
        try:
            _poll(self._attempt, "MATHESAR_DATA_DIR", self.limit)
        except BaseException:
            os.close(self.descriptor)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def check(self) -> None:
        """Nothing can take a file lock away from a living process."""

    def _attempt(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
