"""gunicorn in this process: a signal in the moment between a worker's fork and its first handler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import os, signal, socket, time
from mathesar.boot.server import Application
from tests.mathesar.plans import local_plan

class Bare(Application):
    def load_config(self):
        super().load_config()
        self.cfg.set("post_fork", dally)
        self.cfg.set("worker_exit", lambda server, worker: None)
    def load(self):
        return lambda environ, start: []

def dally(server, worker):
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(1)

listener = socket.create_server(("127.0.0.1", 0))
Bare(local_plan(workers=2, graceful_timeout=30), listener, lambda: None).run()
"""


def test_a_worker_that_is_told_to_stop_before_it_has_begun_stops() -> None:
    """Without the mask the signal would be lost in the worker, and the stop would last all of the 30 s."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, timeout=20, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
