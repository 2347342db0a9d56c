"""One process of the app: an ordinary user, a disk of its own that goes with it, and nothing of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioner.localpg import account

from . import copying, naming
from .container import Image, surroundings
from .keeper import Keeper
from .processes import descendants, memory_mb

LINES = 5000


class Instance:
    """A started command. `lines` grows with its output, `peak_mb` with its memory and that of its children.

    `source` is a folder that is copied to its disk, which is where it starts; with an `image` it is a container, which
    has its code inside, and an empty command is the image's own. Raises OSError.
    """

    def __init__(
        self,
        keeper: Keeper,
        label: str,
        command: Sequence[str],
        env: Mapping[str, str],
        hosts: Mapping[str, str],
        source: Path | None = None,
        image: Image | None = None,
        memory_mb: int = 512,
    ) -> None:
        self.label, self.command = label, tuple(command)
        self.image, self.container = image, f"{keeper.folder.name}-{label}"
        self.disk = keeper.folder / "disks" / label
        self.disk.parent.mkdir(exist_ok=True)
        if source is None or image is not None:
            self.disk.mkdir(0o700)
        else:
            copying.copy(source, self.disk)
        self.lines: list[str] = []
        self.peak_mb = 0.0
        self._root: int | None = None
        self.process = (
            self._start_here(keeper, env, hosts, source)
            if image is None
            else self._start_container(keeper, image, env, hosts, memory_mb)
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _start_here(
        self, keeper: Keeper, env: Mapping[str, str], hosts: Mapping[str, str], source: Path | None
    ) -> subprocess.Popen[bytes]:
        runner = account.choose(os.environ, self.disk / "none")
        places = programs(source)
        # Without namespaces nobody lets an ordinary user into the closed folder that Python may lie in.
        closed = naming.closed_folder(runner, places) is not None
        switched = runner.switch and (bool(hosts) or not closed)
        if switched:
            for path in (self.disk, *self.disk.rglob("*")):
                runner.give(path)
        path_list = os.pathsep.join([*map(str, places), str(Path(sys.executable).parent), os.defpath])
        # A name that only a namespace can teach needs the account to be taken on inside of it.
        become = runner if switched else None
        command: Sequence[str] = self.command
        if hosts:
            command = naming.with_names(keeper.folder, hosts, self.command, become, reads_on=closed)
        return keeper.start(
            command,
            env={"PATH": path_list, "HOME": str(self.disk), "TMPDIR": str(self.disk), "LANG": "C.UTF-8", **env},
            cwd=self.disk,
            output=subprocess.PIPE,
            account=runner.process_options if switched and not hosts else {},
        )

    def _start_container(
        self, keeper: Keeper, image: Image, env: Mapping[str, str], hosts: Mapping[str, str], memory_mb: int
    ) -> subprocess.Popen[bytes]:
        keeper.afterwards(image.removal(self.container), surroundings())
        return keeper.start(
            image.run(self.container, env, hosts, memory_mb, self.command),
            env={**env, **surroundings()},
            cwd=self.disk,
            output=subprocess.PIPE,
        )

    @property
    def root(self) -> int:
        """The number of the app's first process; a container's is not a child of ours."""
        if self.image is None:
            return self.process.pid
        if self._root is None:
            self._root = self.image.pid(self.container)
        return self._root or self.process.pid

    def _end(self) -> None:
        for pid in [*descendants(self.root), self.root, self.process.pid]:
            _kill(pid)
        if self.image is not None:
            subprocess.run(
                self.image.removal(self.container), env=surroundings(), capture_output=True, check=False, timeout=60
            )

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        with self.process.stdout as output:
            for line in output:
                if len(self.lines) >= LINES:
                    del self.lines[LINES // 2]  # the first and the last lines tell the most
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
        self.process.wait()

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    def wait(self, seconds: float) -> int | None:
        """Return the exit status once it has ended; None where it still runs after `seconds`."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(2)
        return status

    def stop(self, window: float) -> tuple[float, bool]:
        """Send SIGTERM, and SIGKILL after `window` seconds; return how long it took and whether it was killed."""
        begun = time.monotonic()
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        killed = self.wait(window) is None
        if killed:
            self._end()
            self.process.wait(10)
        shutil.rmtree(self.disk, ignore_errors=True)
        return time.monotonic() - begun, killed

    def measure(self) -> float:
        """Return the memory in MiB that it and its children use now, shared pages counted once; keep the peak."""
        now = sum(memory_mb(pid) for pid in [self.root, *descendants(self.root)])
        self.peak_mb = max(self.peak_mb, now)
        return now

    def kill_for_memory(self) -> None:
        """End it at once with its children, as the kernel does in a container that is full."""
        self._end()


def programs(source: Path | None) -> list[Path]:
    """Return where the programs of somebody's virtual environment lie, if it has one."""
    return [] if source is None else [source / folder / "bin" for folder in (".venv", "venv")]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
