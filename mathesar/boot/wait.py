"""Reach the internal database: bounded back-off, a line now and then, a finding at the end."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from mathesar.boot.console import say
from mathesar.boot.messages import BootError, failure
from provisioner.authority import with_authority
from provisioner.entries import DatabaseEntry
from provisioner.failure_codes import failure_code

LIMIT = 30.0  # seconds in all
ATTEMPT = 10.0  # seconds for one attempt, name lookup included, which libpq's own limit leaves out
LINE_EVERY = 5.0  # seconds between lines in the log
FAST = frozenset({"auth", "no-database"})  # waiting does not cure these
FAST_TRIES = 4


def connect(
    entry: DatabaseEntry,
    *,
    platform: str | None = None,
    authority: str | None = None,
    limit: float = LIMIT,
    log: Callable[[str], None] = say,
) -> psycopg.Connection[Any]:
    """Return an autocommit connection to the internal database, fit for transaction poolers.

    `authority` is the platform's own certificate authority (PEM), if it has one.

    Raises:
        BootError: it could not be had within `limit` seconds, or at once and again for a reason that does not pass.
    """
    begun = time.monotonic()
    next_line = begun
    delay = 0.2
    alike = 0
    last = ""
    while True:
        left = limit - (time.monotonic() - begun)
        result = attempt(with_authority(entry.url.conninfo(), authority), min(ATTEMPT, max(left, 1.0)))
        if not isinstance(result, str):
            return result
        code = failure_code(result)
        alike = alike + 1 if code == last else 1
        last = code
        now = time.monotonic()
        if now - begun + delay >= limit or (code in FAST and alike >= FAST_TRIES):
            raise _final(code, result, entry.variable, platform, now - begun)
        if now >= next_line:
            log(f"Waiting for the internal database ({entry.variable}): {code}, {now - begun:.0f} of {limit:.0f} s.")
            next_line = now + LINE_EVERY
        time.sleep(delay * random.uniform(0.75, 1.25))  # noqa: S311 - so that replicas do not knock in step
        delay = min(delay * 2, 3.0)


def attempt(keywords: dict[str, Any], seconds: float) -> psycopg.Connection[Any] | str:
    """Try once, for at most `seconds`; return the connection, or libpq's text of the failure.

    In a thread, because a name lookup in libpq can neither be bounded nor interrupted by a signal.
    """
    outcome: queue.SimpleQueue[psycopg.Connection[Any] | str] = queue.SimpleQueue()
    abandoned = threading.Event()

    def run() -> None:
        try:
            made = psycopg.connect(**keywords, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            outcome.put(str(error) or "other")
            return
        if abandoned.is_set():
            made.close()
        outcome.put(made)

    thread = threading.Thread(target=run, name="connect", daemon=True)
    thread.start()
    try:
        result = outcome.get(timeout=seconds)
    except queue.Empty:
        abandoned.set()
        return "timeout expired"
    thread.join()  # so that no thread is left when the server forks
    return result


def _final(code: str, text: str, variable: str, platform: str | None, seconds: float) -> BootError:
    lower = text.lower()
    reason = ": too many connections are open" if "too many" in lower or "remaining connection" in lower else ""
    reason = reason or (": it is starting up" if "starting up" in lower else "")
    details = {"seconds": f"{seconds:.0f}", "reason": reason}
    kind = "other" if code in ("too-many", "cleartext") else code
    return failure(f"internal-{kind}", variable, platform=platform, **details)
