"""gunicorn in this very process: the process that prepared the database becomes the one that serves.

No second interpreter, no shell in between: it is correct as process 1, and a start with nothing to do costs one
Django import. Nothing of a database connection may exist when it forks its workers.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from mathesar.boot.worker import STOPPING, Worker
from provisioner.planning import Plan

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file must not touch a disk
HEARTBEAT = 60  # seconds without a worker's sign of life; generous for a tenth of a CPU
RECYCLE = 2000  # requests after which a worker is replaced, spread by RECYCLE_SPREAD
RECYCLE_SPREAD = 200


class Server(Arbiter):
    """gunicorn's arbiter without the signals that would need the environment again."""

    def spawn_worker(self) -> int:
        """Fork a worker; a signal that reaches it before its own handlers stand waits for them.

        Until then it has the arbiter's, which would put the signal in a queue that nobody reads in the worker: a
        stop during the start would last as long as the whole grace period.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            return super().spawn_worker()  # type: ignore[no-any-return]
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def handle_hup(self) -> None:
        """Stop as on SIGTERM: the terminal was closed. There is no configuration to read again."""
        raise StopIteration

    def handle_usr2(self) -> None:
        """Do not start a second copy: its environment has no secrets any more."""
        self.log.warning("SIGUSR2 is not supported; start a new process instead.")


class Application(BaseApplication):
    """Django under gunicorn, configured by the plan alone."""

    def __init__(
        self,
        plan: Plan,
        listener: socket.socket,
        ready: Callable[[], None],
        background: Callable[[], None] | None = None,
    ) -> None:
        self.plan = plan
        self.descriptor = listener.detach()
        self.ready = ready
        self.background = background
        super().__init__(prog="mathesar")

    def load_config(self) -> None:
        """Give gunicorn its settings; unknown ones are those of another version of it."""
        for name, value in settings(self.plan).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        self.cfg.set("bind", f"fd://{self.descriptor}")
        self.cfg.set("when_ready", self._when_ready)
        self.cfg.set("post_worker_init", self._worker_began)
        self.cfg.set("worker_exit", _worker_exit)

    def load(self) -> Any:
        """Return the WSGI application, in the parent, so that the workers share its memory."""
        from mathesar.wsgi import application

        return application

    def run(self) -> None:
        """Serve until a signal ends it; raises SystemExit, in the workers too."""
        Server(self).run()

    def _when_ready(self, server: Server) -> None:
        """Say that it serves. What is loaded now stays shared: the collector must not touch and so copy it."""
        self.ready()
        gc.collect()
        gc.freeze()

    def _worker_began(self, worker: Worker) -> None:
        """Let the first worker of all do what need not be done before serving, in a thread of its own."""
        if worker.age == 1 and self.background is not None:
            threading.Thread(target=self.background, name="background", daemon=True).start()


def settings(plan: Plan) -> dict[str, Any]:
    """Return gunicorn's settings for a plan."""
    return {
        "worker_class": "mathesar.boot.worker.Worker",
        "workers": plan.workers,
        "threads": plan.threads,
        "preload_app": True,
        "timeout": HEARTBEAT,
        "graceful_timeout": plan.graceful_timeout,
        "keepalive": plan.keepalive,
        "max_requests": RECYCLE,
        "max_requests_jitter": RECYCLE_SPREAD,
        "worker_tmp_dir": SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None,
        # Django alone decides whom to believe about HTTPS; gunicorn would believe every local peer.
        "forwarded_allow_ips": "",
        "accesslog": None,  # a query string may hold what nobody should read; platforms log requests themselves
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "mathesar",
        "control_socket_disable": True,  # it would be a file under HOME
    }


def _worker_exit(server: Server, worker: object) -> None:
    """Say goodbye to the database, so that its slot is free at once for the next release."""
    from mathesar.boot.prepare import release_connections

    release_connections()


def run(
    plan: Plan,
    listener: socket.socket,
    ready: Callable[[], None],
    background: Callable[[], None] | None = None,
) -> None:
    """Serve on `listener` until told to stop; ends with SystemExit.

    `ready` is called once, before the fork, and `background` once, in a thread of the first worker.
    """
    Application(plan, listener, ready, background).run()
