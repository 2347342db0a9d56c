"""The process that outlives a rehearsal, and clears up after it: the other half of `keeper`.

It is started by itself, with nothing of its surroundings, so it needs the standard library alone.
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
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .processes import members, strays

COMMAND_SECONDS = 60.0
POLITE_SECONDS = 3.0  # SIGQUIT lets PostgreSQL give back its shared memory
LAST_SECONDS = 10.0
PAUSE = 0.05
ANCHOR = 'trap "" INT TERM QUIT HUP; read -r line'  # holds the group's number while the group is empty
CODE = "import sys; sys.path.insert(0, sys.argv[1]); from provisioner.rehearsal.clearing import keep; keep()"


def program() -> list[str]:
    """Return the command that starts it; it takes no module from the folder or the environment that it starts in."""
    return [sys.executable, "-I", "-c", CODE, str(Path(__file__).resolve().parents[2])]


def in_group(group: int) -> dict[str, Any]:
    """Return subprocess's options for a program of this process group, 0 for one of its own."""
    if sys.version_info >= (3, 11):
        return {"process_group": group}
    return {"preexec_fn": lambda: os.setpgid(0, group)}


def clear(group: int, anchor: int, folder: Path, commands: Sequence[str]) -> None:
    """Run the commands, end the group, politely first, and who has left it; then remove the folder."""
    try:
        for line in commands:
            with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
                command, env = json.loads(line)
                subprocess.run(command, env=env, capture_output=True, check=False, timeout=COMMAND_SECONDS)
        _end(group, anchor, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end(group: int, anchor: int, folder: Path) -> None:
    def others() -> list[int]:
        return [pid for pid in members(group) if pid != anchor]

    if others():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGQUIT)
        until = time.monotonic() + POLITE_SECONDS
        while others() and time.monotonic() < until:
            time.sleep(PAUSE)
    until = time.monotonic() + LAST_SECONDS
    while (found := {*others(), *strays(folder)}) and time.monotonic() < until:
        _kill(found)
        time.sleep(PAUSE)
    _end_as_owners(folder)


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _end_as_owners(folder: Path) -> None:
    """End who has left the group as the account that it runs as: root of a container may not look into others'."""
    if os.geteuid() != 0 or threading.active_count() > 1:  # several threads: no fork
        return
    places = [place for place in (folder / "postgres", *folder.glob("disks/*")) if place.exists()]
    for uid, gid in {(place.stat().st_uid, place.stat().st_gid) for place in places} - {(0, 0)}:
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(gid)
                os.setuid(uid)
                _kill(strays(folder))
            finally:
                os._exit(0)
        os.waitpid(child, 0)


def keep() -> None:
    """Say the group's number and the folder, wait for the end of the input, and clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
    commands: list[str] = []
    anchor = subprocess.Popen(
        ["/bin/sh", "-c", ANCHOR], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **in_group(0)
    )
    try:
        folder.chmod(0o755)
        with contextlib.suppress(BrokenPipeError):
            print(anchor.pid, folder, flush=True)
        for line in sys.stdin:
            commands.append(line)
    finally:
        try:
            clear(anchor.pid, anchor.pid, folder, commands)
        finally:
            anchor.kill()
            anchor.wait()
