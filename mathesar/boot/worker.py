"""gunicorn's threaded worker, leaving without dropping anybody."""

from __future__ import annotations

import select
import signal
from types import FrameType

from gunicorn.workers.gthread import ThreadWorker

WAITING = 256  # connections that a leaving worker still takes from the queue; more come from nobody but a flood
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


class Worker(ThreadWorker):  # type: ignore[misc]
    """On SIGTERM takes what already waits in the socket's queue, then lets go of the socket.

    gunicorn's own keeps it open while requests in flight are finished: new connections then hang until the end
    and are reset, where a refusal at once makes a router try another instance.
    """

    leaving = False

    def init_signals(self) -> None:
        """Set this worker's own handlers, then let in what was held back since the fork."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave, on SIGTERM."""
        self.leaving = True
        super().handle_exit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Start or stop accepting; when leaving, for good. A recycled worker's socket stays open in the parent."""
        super().set_accept_enabled(enabled)
        if enabled or not self.leaving:
            return
        for listener in self.sockets:
            for _ in range(WAITING):
                if listener.sock is None or not select.select([listener.sock], [], [], 0)[0]:
                    break
                self.accept(listener)
            listener.close()
