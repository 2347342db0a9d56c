"""Nothing is left behind: one folder and one process group, cleared by a process that outlives this one.

Whatever a rehearsal starts joins the group before its program runs, so there is no moment at which a kill would
miss it. The keeper sees the end of this process as the end of a pipe, also after SIGKILL.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from .clearing import clear, in_group, program


class Keeper:
    """Owns the folder (`folder`) and the group; use it as a context manager. Raises OSError."""

    def __init__(self) -> None:
        self.folder = Path()
        self.group = 0
        self._process: subprocess.Popen[str] | None = None
        self._commands: list[str] = []
        self._started: list[subprocess.Popen[bytes]] = []
        self._core = resource.getrlimit(resource.RLIMIT_CORE)

    def __enter__(self) -> Keeper:
        # What is started inherits it: SIGQUIT and a crash leave no memory with its secrets in a file.
        resource.setrlimit(resource.RLIMIT_CORE, (0, self._core[1]))
        self._process = subprocess.Popen(
            program(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **in_group(0),
        )
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        said = self._process.stdout.readline().rstrip("\n")
        if not said:
            resource.setrlimit(resource.RLIMIT_CORE, self._core)
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
                clear(self.group, 0, self.folder, self._commands)
            process.stdout.close()
        for started in self._started:  # ended by now; whoever started a process has to ask for its status
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(10)
        resource.setrlimit(resource.RLIMIT_CORE, self._core)

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
            **in_group(self.group),
            **(account or {}),
        )
        self._started.append(process)
        return process
