"""Nothing is left behind: one folder and one process group, cleared by a process that outlives this one.

Whatever a rehearsal starts joins the group before its program runs, so there is no moment at which a kill would
miss it. The keeper sees the end of this process as the end of a pipe, also after SIGKILL.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

COMMAND_SECONDS = 60.0
POLITE_SECONDS = 3.0  # SIGQUIT lets PostgreSQL give back its shared memory
ANCHOR = 'trap "" INT TERM QUIT HUP; read -r line'  # holds the group's number while the group is empty


class Keeper:
    """Owns the folder (`folder`) and the group; use it as a context manager. Raises OSError."""

    def __init__(self) -> None:
        self.folder = Path()
        self.group = 0
        self._process: subprocess.Popen[str] | None = None
        self._commands: list[str] = []
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Keeper:
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **_in_group(0),
        )
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        said = self._process.stdout.readline().rstrip("\n")
        if not said:
            raise OSError("the process that would clean up could not be started")
        group, _, folder = said.partition(" ")
        self.group, self.folder = int(group), Path(folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - for the type checker
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            if process.wait() != 0:  # somebody killed it: nobody else is left to clean up
                _clear(self.group, 0, self.folder, self._commands)
            process.stdout.close()
        for started in self._started:  # ended by now; whoever started a process has to ask for its status
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(10)

    def afterwards(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Have a command run at the end, for what lives outside of the group, such as a container."""
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - for the type checker
        self._commands.append(json.dumps([list(command), dict(env)]) + "\n")
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(self._commands[-1])
            self._process.stdin.flush()

    def start(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        output: IO[bytes] | int = subprocess.DEVNULL,
        account: Mapping[str, Any] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program in the group; `account` holds subprocess's user, group and extra_groups."""
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **_in_group(self.group),
            **(account or {}),
        )
        self._started.append(process)
        return process


def _in_group(group: int) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        return {"process_group": group}
    return {"preexec_fn": lambda: os.setpgid(0, group)}


def members(group: int) -> list[int]:
    """Return the processes of the group that have not ended, zombies left out; `ps` is on every Unix."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return [int(row[0]) for row in rows if len(row) == 3 and row[1] == str(group) and not row[2].startswith("Z")]


def _clear(group: int, anchor: int, folder: Path, commands: Sequence[str]) -> None:
    """Run the commands, end the group, politely first, then remove the folder."""
    for line in commands:
        with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
            command, env = json.loads(line)
            subprocess.run(command, env=env, capture_output=True, check=False, timeout=COMMAND_SECONDS)

    def others() -> list[int]:
        return [pid for pid in members(group) if pid != anchor]

    for number, seconds in ((signal.SIGQUIT, POLITE_SECONDS), (signal.SIGKILL, 10.0)):
        if not others():
            break
        if number == signal.SIGKILL:
            for pid in others():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        else:
            os.killpg(group, number)
        until = time.monotonic() + seconds
        while others() and time.monotonic() < until:
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


def _keep() -> None:
    """The keeper itself: says the group's number and the folder, and waits for the end of its input."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
    commands: list[str] = []
    anchor = subprocess.Popen(
        ["/bin/sh", "-c", ANCHOR], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **_in_group(0)
    )
    try:
        folder.chmod(0o755)
        with contextlib.suppress(BrokenPipeError):
            print(anchor.pid, folder, flush=True)
        for line in sys.stdin:
            commands.append(line)
    finally:
        _clear(anchor.pid, anchor.pid, folder, commands)
        anchor.kill()
        anchor.wait()


if __name__ == "__main__":
    _keep()
