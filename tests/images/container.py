"""One container as a strict platform would run it: an ordinary user, nothing writable but /tmp, no capabilities."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.system.process import Answer, read

WORKSHOP = Path(__file__).resolve().parents[3] / "shared" / "workshop"
RIGHTS = ("--read-only", "--tmpfs", "/tmp", "--cap-drop=ALL", "--security-opt", "no-new-privileges")


def podman(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run podman to its end, set up for a machine without systemd."""
    environ = {**os.environ, "CONTAINERS_CONF": str(WORKSHOP / "containers.conf")}
    return subprocess.run(["podman", *arguments], env=environ, check=False, capture_output=True, text=True, timeout=120)


class Container:
    """A running container of an image, on the machine's own network; removed when the context ends."""

    def __init__(self, image: str, environ: Mapping[str, str], *more: str) -> None:
        self.port = int(environ["PORT"])
        settings = [part for name, value in environ.items() for part in ("--env", f"{name}={value}")]
        options = ["--detach", "--network", "host", "--memory", "512m", *RIGHTS, *settings, *more]
        started = podman("run", *options, image)
        assert started.returncode == 0, started.stderr
        self.identity = started.stdout.strip()

    @property
    def log(self) -> str:
        """What it has written so far."""
        shown = podman("logs", self.identity)
        return shown.stdout + shown.stderr

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Send one plain HTTP request to it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=dict(headers))
            return read(connection.getresponse())
        finally:
            connection.close()

    def wait(self, path: str, headers: Mapping[str, str], seconds: float = 90) -> None:
        """Wait until it answers 200."""
        end = time.monotonic() + seconds
        while True:
            try:
                if self.get(path, headers).status == 200:
                    return
            except OSError:
                pass
            assert time.monotonic() < end, f"no 200 on {path}:\n{self.log}"
            time.sleep(0.2)

    def run(self, *command: str) -> str:
        """Run a command inside it and return what it printed."""
        done = podman("exec", self.identity, *command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def signal(self, name: str) -> None:
        """Send a signal to process 1."""
        assert podman("kill", "--signal", name, self.identity).returncode == 0

    def wait_for_line(self, text: str, seconds: float = 60) -> None:
        """Wait until it has written this."""
        end = time.monotonic() + seconds
        while text not in self.log:
            assert time.monotonic() < end, f"never said {text!r}:\n{self.log}"
            time.sleep(0.05)

    def stop(self) -> int:
        """End it as a platform does, and return the exit status of process 1."""
        self.signal("TERM")
        return self.exit_status()

    def exit_status(self) -> int:
        """Wait for its end and return the exit status of process 1."""
        return int(podman("wait", self.identity).stdout)

    def __enter__(self) -> Container:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        podman("rm", "--force", "--volumes", "--time", "0", self.identity)  # those without a name
