"""The processes of this machine: from /proc on Linux, where slim images have no `ps`; elsewhere as `ps` says.

It needs the standard library alone, as `clearing` does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Process:
    """One process; `resident_mb` is in MiB, and a zombie has ended but for its number."""

    pid: int
    parent: int
    group: int
    zombie: bool
    terminal: bool
    resident_mb: float


def running() -> list[Process]:
    """Return every process of this machine. Raises OSError where there is neither /proc nor `ps`."""
    if sys.platform == "linux":
        return list(_from_proc())
    columns = "pid=,ppid=,pgid=,stat=,tty=,rss="
    rows = subprocess.run(["ps", "-A", "-o", columns], capture_output=True, text=True, check=True).stdout.splitlines()
    return [_from_ps(row.split()) for row in rows]


def descendants(pid: int) -> list[int]:
    """Return the children of a process, theirs included."""
    children: dict[int, list[int]] = {}
    for each in running():
        children.setdefault(each.parent, []).append(each.pid)
    found: list[int] = []
    queue = [pid]
    while queue:
        more = children.get(queue.pop(), [])
        found += more
        queue += more
    return found


def memory_mb(pid: int) -> float:
    """Return the proportional set size in MiB on Linux where we may see it, else the resident set size."""
    try:
        rows = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024
    except (OSError, ValueError):
        return next((each.resident_mb for each in running() if each.pid == pid), 0.0)


def members(group: int) -> list[int]:
    """Return the processes of the group that have not ended, zombies left out."""
    return [each.pid for each in running() if each.group == group and not each.zombie]


def strays(folder: Path) -> list[int]:
    """Return who has left the group (setsid, a daemon), on Linux: known by its disk below `folder`, zombies left out.

    Its environment names the disk, or it works there. Whoever has a terminal and only works there is a person who
    looks around.
    """
    if sys.platform != "linux":
        return []
    return [each.pid for each in running() if not each.zombie and each.pid != os.getpid() and _belongs(each, folder)]


def _belongs(process: Process, folder: Path) -> bool:
    place = PROC / str(process.pid)
    try:
        if os.fsencode(folder / "disks") + b"/" in (place / "environ").read_bytes():
            return True
        works = Path(os.readlink(place / "cwd"))
    except OSError:  # it has ended, or is somebody else's
        return False
    return works.is_relative_to(folder) and not process.terminal


def _from_proc() -> Iterator[Process]:
    for place in PROC.iterdir():
        if place.name.isdigit():
            try:
                text = (place / "stat").read_text(errors="replace")
            except OSError:  # it has ended
                continue
            # proc_pid_stat(5): state, ppid, pgrp, session, tty_nr, …, rss; the name before may hold anything
            fields = text.rpartition(")")[2].split()
            yield Process(
                int(place.name), int(fields[1]), int(fields[2]), fields[0] in "ZX", fields[4] != "0",
                int(fields[21]) * PAGE / 2**20,
            )  # fmt: skip


def _from_ps(columns: list[str]) -> Process:
    pid, parent, group, state, terminal, resident = columns
    return Process(
        int(pid), int(parent), int(group), state.startswith("Z"), terminal.strip("?-") != "", int(resident) / 1024
    )
