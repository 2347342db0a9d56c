"""The kernel's part in a container: it counts memory, and ends what has more than its plan allows."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .instance import Instance

PAUSE = 0.25  # seconds; what is full for less than that is not seen


class Watch:
    """Measures these instances until it is stopped; the list may grow and shrink meanwhile."""

    def __init__(self, instances: list[Instance], limit_mb: float) -> None:
        self.instances, self.limit_mb, self.peak_mb = instances, limit_mb, 0.0
        self._full: set[int] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begin to measure."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is known stays known."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def full(self, instance: Instance) -> bool:
        """Whether this instance was ended for its memory."""
        return id(instance) in self._full

    def look(self) -> None:
        """Measure once, now, and end what is full."""
        for instance in list(self.instances):
            if instance.running:
                instance.measure()
                self.peak_mb = max(self.peak_mb, instance.peak_mb)
                if instance.peak_mb > self.limit_mb:
                    self._full.add(id(instance))
                    instance.kill_for_memory()

    def _watch(self) -> None:
        while True:
            self.look()
            if self._end.wait(PAUSE):
                return
