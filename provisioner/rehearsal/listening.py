"""Where a process really listens."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import descendants

TABLES = Path("/proc/net")


@dataclass(frozen=True, slots=True)
class Place:
    """A TCP port that somebody listens on, and whether only this machine can reach it."""

    port: int
    loopback: bool


def listens_on(pid: int) -> list[Place]:
    """Return where a process and its children listen: from /proc on Linux, else as lsof says; empty if unknown."""
    family = [pid, *descendants(pid)]
    if (TABLES / "tcp").exists():
        return _from_proc(family)
    command = ["lsof", "-nP", "-a", "-iTCP", "-sTCP:LISTEN", "-p", ",".join(map(str, family)), "-Fn"]
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return []
    rows = [row[1:].rpartition(":") for row in text.splitlines() if row.startswith("n")]
    return [Place(int(port), host in ("127.0.0.1", "[::1]")) for host, _, port in rows if port.isdigit()]


def _from_proc(family: list[int]) -> list[Place]:
    inodes: set[str] = set()
    for pid in family:
        with contextlib.suppress(OSError):  # it has ended
            for file in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):  # it was closed meanwhile
                    if found := re.fullmatch(r"socket:\[(\d+)\]", os.readlink(file)):
                        inodes.add(found[1])
    places = []
    for row in [*_rows("tcp"), *_rows("tcp6")]:
        columns = row.split()
        if columns[3] == "0A" and columns[9] in inodes:  # 0A: TCP_LISTEN
            address, _, port = columns[1].partition(":")
            local = address in ("0100007F", "00000000000000000000000001000000")
            places.append(Place(int(port, 16), local))
    return places


def _rows(table: str) -> list[str]:
    """Return the rows of one of the kernel's tables; a kernel without IPv6 lacks its own."""
    try:
        return (TABLES / table).read_text().splitlines()[1:]
    except FileNotFoundError:
        return []
