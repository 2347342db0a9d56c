"""One process of the app: an ordinary user, a disk of its own that goes with it, and nothing of this machine."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioner.localpg import account

from .keeper import Keeper

ADDRESS = "127.0.0.2"  # not what a server that binds 127.0.0.1 listens on, and yet this machine
LINES = 5000


class Instance:
    """A started command. `lines` grows with its output, `peak_mb` with its memory and that of its children."""

    def __init__(
        self, keeper: Keeper, label: str, command: Sequence[str], env: Mapping[str, str], hosts: Mapping[str, str]
    ) -> None:
        self.label, self.command = label, tuple(command)
        self.disk = keeper.folder / "disks" / label
        self.disk.mkdir(parents=True)
        self.lines: list[str] = []
        self.peak_mb = 0.0
        self.ended_at: float | None = None
        runner = account.choose(os.environ, self.disk / "none")
        switched = runner.switch and account.first_closed_folder(Path(sys.executable).parent, runner) is None
        if switched:
            runner.give(self.disk)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
        whole = {"PATH": path, "HOME": str(self.disk), "TMPDIR": str(self.disk), "LANG": "C.UTF-8", **env}
        self.process = keeper.start(
            _with_names(keeper, hosts, command, runner if switched else None),
            env=whole,
            cwd=self.disk,
            output=subprocess.PIPE,
            account={} if hosts and switched else runner.process_options if switched else {},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        with self.process.stdout as output:
            for line in output:
                if len(self.lines) < LINES:
                    self.lines.append(line.decode(errors="replace").rstrip("\n"))
        self.process.wait()
        self.ended_at = time.monotonic()

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
            for pid in [*descendants(self.process.pid), self.process.pid]:
                _kill(pid)
            self.process.wait(10)
        shutil.rmtree(self.disk, ignore_errors=True)
        return time.monotonic() - begun, killed

    def measure(self) -> float:
        """Return the memory in MiB that it and its children use now, shared pages counted once; keep the peak."""
        now = sum(_memory_mb(pid) for pid in [self.process.pid, *descendants(self.process.pid)])
        self.peak_mb = max(self.peak_mb, now)
        return now

    def kill_for_memory(self) -> None:
        """End it at once with its children, as the kernel does in a container that is full."""
        for pid in [*descendants(self.process.pid), self.process.pid]:
            _kill(pid)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def descendants(pid: int) -> list[int]:
    """Return the children of a process, theirs included."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found: list[int] = []
    queue = [pid]
    while queue:
        more = children.get(queue.pop(), [])
        found += more
        queue += more
    return found


def _memory_mb(pid: int) -> float:
    """Return the proportional set size on Linux, elsewhere the resident set size."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024
    except (OSError, ValueError):
        done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return int(done.stdout.strip() or 0) / 1024


def _with_names(
    keeper: Keeper, hosts: Mapping[str, str], command: Sequence[str], runner: account.Account | None
) -> list[str]:
    """Return the command so that it finds the platform's host names on this machine.

    Linux gives a process its own view of /etc/hosts (a mount namespace); nothing outside of it changes.
    """
    if not hosts:
        return list(command)
    file = keeper.folder / "hosts"
    file.write_text("127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in hosts.items()))
    file.chmod(0o644)
    inner = f"mount --bind {shlex.quote(str(file))} /etc/hosts && exec"
    if os.geteuid() == 0:
        drop = [] if runner is None else ["setpriv", f"--reuid={runner.uid}", f"--regid={runner.gid}", "--clear-groups"]
        return ["unshare", "--mount", "--propagation=private", "sh", "-c", f'{inner} "$@"', "sh", *drop, *command]
    back = ["unshare", "--user", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}"]
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'{inner} "$@"', "sh", *back, *command]
