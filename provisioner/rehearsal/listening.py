"""Where a process really listens."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .instance import descendants


@dataclass(frozen=True, slots=True)
class Place:
    """A TCP port that somebody listens on, and whether only this machine can reach it."""

    port: int
    loopback: bool


def listens_on(pid: int) -> list[Place]:
    """Return where a process and its children listen: from /proc on Linux, else as lsof says; empty if unknown."""
    family = [pid, *descendants(pid)]
    if Path("/proc/net/tcp").exists():
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
        try:
            links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
        except OSError:
            continue
        inodes |= {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", str(link)))}
    places = []
    for name in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == "0A" and columns[9] in inodes:  # 0A: TCP_LISTEN
                address, _, port = columns[1].partition(":")
                local = address in ("0100007F", "00000000000000000000000001000000")
                places.append(Place(int(port, 16), local))
    return places
