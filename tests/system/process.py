"""A `mathesar` process of its own, as a platform starts one: only the given environment, its output in a file."""

from __future__ import annotations

import http.client
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

COMMAND = [sys.executable, "-m", "mathesar"]
ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"http://\S+/open/\S+")


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, its header names in lower case; set-cookie values apart."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: str


class Mathesar:
    """One process with a home of its own that disappears with it (the wiped disk of a platform)."""

    def __init__(
        self,
        environ: Mapping[str, str],
        command: str = "start",
        *,
        prefix: Sequence[str] = (),
        program: Sequence[str] = (),
    ) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="mts"))
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(self.home), **environ}
        self.port = int(environ.get("PORT", "8000"))
        self.output = (self.home / "output").open("w+b")
        self.process = subprocess.Popen(
            [*prefix, *(program or (*COMMAND, command))], cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.home / "output").read_text(errors="replace")

    def get(
        self, path: str, *, headers: Mapping[str, str] | None = None, method: str = "GET", body: str | None = None,
        address: str = "127.0.0.1",
    ) -> Answer:  # fmt: skip
        """Send one plain HTTP request to it."""
        connection = http.client.HTTPConnection(address, self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            return read(connection.getresponse())
        finally:
            connection.close()

    def wait(self, path: str = "/livez", seconds: float = 90) -> Mathesar:
        """Wait until it answers 200."""
        end = time.monotonic() + seconds
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"exited with {self.process.returncode}:\n{self.log}")
            try:
                if self.get(path).status == 200:
                    return self
            except OSError:
                pass
            if time.monotonic() > end:
                raise AssertionError(f"no 200 on {path} within {seconds} s:\n{self.log}")
            time.sleep(0.05)

    def wait_for_line(self, text: str, seconds: float = 60) -> None:
        """Wait until it has written this."""
        end = time.monotonic() + seconds
        while text not in self.log:
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"never said {text!r}:\n{self.log}")
            time.sleep(0.05)

    def open_link(self) -> str:
        """Open the link that it printed as a browser does; return the page that it leads to."""
        self.wait()
        self.wait_for_line("Mathesar is ready: ")
        found = LINK.search(self.log)
        assert found is not None, self.log
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        with urllib.request.build_opener(jar).open(found[0], timeout=30) as page:
            return str(page.read().decode())

    def stop(self, number: int = signal.SIGTERM, seconds: float = 60) -> int:
        """Send a signal and return the exit status; kill it when it does not end."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise

    def remove(self) -> None:
        """Stop it if it runs, and remove its home."""
        try:
            self.stop()
        finally:
            self.output.close()
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Mathesar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def read(response: http.client.HTTPResponse) -> Answer:
    """Return what matters of an answer."""
    headers = {name.lower(): value for name, value in response.getheaders()}
    cookies = tuple(value for name, value in response.getheaders() if name.lower() == "set-cookie")
    return Answer(response.status, headers, cookies, response.read().decode(errors="replace"))


def run(command: list[str], environ: Mapping[str, str], seconds: float = 90) -> subprocess.CompletedProcess[str]:
    """Run another `mathesar` command to its end."""
    with tempfile.TemporaryDirectory(prefix="mts") as home:
        return subprocess.run(
            [*COMMAND, *command], cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": home, **environ},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
