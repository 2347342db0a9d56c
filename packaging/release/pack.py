"""Pack a folder so that its content alone decides on the bytes: `pack.py FOLDER FILE.tar.gz [NAME]`.

Members are sorted, belong to nobody, and bear the time SOURCE_DATE_EPOCH; all are in one folder, NAME or the file's.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
from pathlib import Path


def settle(archive: Path, time: int) -> None:
    """Write a packed archive anew so that only its content and `time` (seconds since 1970) decide on its bytes."""
    packed = io.BytesIO()
    with tarfile.open(archive) as old, tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new:
        for member in sorted(old.getmembers(), key=lambda one: one.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = time, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    with archive.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=time) as squeezed:
        squeezed.write(packed.getvalue())


if __name__ == "__main__":
    folder, made = Path(sys.argv[1]), Path(sys.argv[2])
    with tarfile.open(made, "w:gz") as opened:
        opened.add(folder, sys.argv[3] if len(sys.argv) > 3 else made.name.removesuffix(".tar.gz"))
    settle(made, int(os.environ["SOURCE_DATE_EPOCH"]))
