"""What is particular to a container of our images: whether this is one, and what becomes of its data directory."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

MARK = Path("/usr/share/mathesar/image")  # written by packaging/images/collect.py
MOUNTS = Path("/proc/self/mountinfo")
USER = 10001
# Docker and podman name a volume that nobody named by 64 hexadecimal digits.
_NAMELESS = re.compile(r"/volumes/[0-9a-f]{64}/_data$")


def is_image() -> bool:
    """Tell whether this process runs in one of our images."""
    return MARK.exists()


def keeping(folder: Path) -> Literal["volume", "nameless", "container"]:
    """Tell what keeps a folder: a volume (or a folder of the host), a volume without a name, or the container alone.

    The fourth and fifth words of a line of mountinfo are what is mounted, and where (proc_pid_mountinfo(5)).
    """
    for line in MOUNTS.read_text().splitlines():
        words = line.split()
        if words[4].replace("\\040", " ") == str(folder):
            return "nameless" if _NAMELESS.search(words[3]) else "volume"
    return "container"


def owner(folder: Path) -> str:
    """Return the number of a folder's owner, for a message."""
    try:
        return str(folder.stat().st_uid)
    except OSError:
        return "nobody, as it is not there"


def is_own_user() -> bool:
    """Tell whether this process runs as the image's user: PostgreSQL wants a name for it, and passwd has one only."""
    return os.geteuid() == USER
