"""Cutting connections off that have been silent for too long: one thread for all, so that a request needs none."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

LINGER = 30.0  # seconds that the thread waits for more before it ends


@dataclass
class _Watch:
    """The connections that are watched in this process, each with the moment at which it is cut off."""

    pid: int = field(default_factory=os.getpid)
    condition: threading.Condition = field(default_factory=threading.Condition)
    ends: dict[int, float] = field(default_factory=dict)  # by file descriptor
    wakes_at: float = 0.0
    running: bool = False

    def add(self, descriptor: int, end: float) -> None:
        with self.condition:
            self.ends[descriptor] = end
            if not self.running:
                self.running = True
                self.wakes_at = end
                threading.Thread(target=self.run, name="watch", daemon=True).start()
            elif end < self.wakes_at:
                self.condition.notify()

    def remove(self, descriptor: int) -> None:
        with self.condition:
            self.ends.pop(descriptor, None)

    def run(self) -> None:
        with self.condition:
            while True:
                now = time.monotonic()
                for descriptor in [each for each, end in self.ends.items() if end <= now]:
                    del self.ends[descriptor]
                    _shut(descriptor)
                self.wakes_at = min(self.ends.values(), default=now + LINGER)
                if not self.condition.wait(self.wakes_at - now) and not self.ends:
                    self.running = False
                    return


_watch = _Watch()


@contextlib.contextmanager
def cut_off(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Close the socket under a server that took the connection and then fell silent for so long."""
    global _watch
    if _watch.pid != os.getpid():  # a thread does not survive a fork
        _watch = _Watch()
    watch = _watch
    descriptor = os.dup(connection.pgconn.socket)
    watch.add(descriptor, time.monotonic() + max(0.1, seconds))
    try:
        yield
    finally:
        watch.remove(descriptor)
        os.close(descriptor)


def _shut(descriptor: int) -> None:
    """End both directions; called with the lock held, so the descriptor is still ours."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as wire:
        wire.shutdown(socket.SHUT_RDWR)
