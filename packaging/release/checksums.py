"""Write SHA256SUMS of the files in OUT, for `sha256sum --check`; with --table print them, their sizes and sums."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNLISTED = {"SHA256SUMS", "notes.md"}


def size(count: int) -> str:
    """Return a number of bytes for people: 812 B, 14.2 kB, 35.0 MB."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def main() -> None:
    """Do what the arguments say."""
    out = ROOT / os.environ.get("OUT", "dist")
    files = sorted(file for file in out.iterdir() if file.is_file() and file.name not in UNLISTED)
    sums = {}
    for file in files:
        with file.open("rb") as opened:
            digest = hashlib.sha256()
            while block := opened.read(1 << 20):
                digest.update(block)
        sums[file] = digest.hexdigest()
    if sys.argv[1:] != ["--table"]:
        (out / "SHA256SUMS").write_text("".join(f"{sums[file]}  {file.name}\n" for file in files), encoding="utf-8")
        return
    width = max((len(file.name) for file in files), default=0)
    print()
    for file in files:
        print(f"{file.name:<{width}}  {size(file.stat().st_size):>8}  {sums[file][:16]}…")
    print(f"\nWhole sums: {out / 'SHA256SUMS'}")


if __name__ == "__main__":
    main()
