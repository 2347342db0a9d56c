"""How often one person may have connections tried: Mathesar must not become somebody's port scanner."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

from mathesar.connections.errors import ConnectionProblem
from provisioner.findings import finding

MOST = 30  # in one process; a form that somebody fills in by hand needs a few
WINDOW = 60.0  # seconds


class TooManyTests(ConnectionProblem):
    """This person had too many connections tried within a minute."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(finding("connection-too-many-tests", "host", seconds=str(seconds)))
        self.seconds = seconds


_lock = threading.Lock()
_tests: defaultdict[int, deque[float]] = defaultdict(deque)


def allow_test(person: int) -> None:
    """Count one try of a person.

    Raises:
        TooManyTests: they had `MOST` within the last minute.
    """
    now = time.monotonic()
    with _lock:
        times = _tests[person]
        while times and now - times[0] >= WINDOW:
            times.popleft()
        if len(times) >= MOST:
            raise TooManyTests(max(1, round(WINDOW - (now - times[0]))))
        times.append(now)


def forget() -> None:
    """Begin to count anew."""
    with _lock:
        _tests.clear()
