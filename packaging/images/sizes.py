"""Show what an image weighs and why: `python packaging/images/sizes.py IMAGE LIMIT_MB`, as root, with podman.

It prints a table in Markdown, in MB of a million bytes, and ends with 1 where the layers weigh more than the limit.
The total is what a registry keeps: every layer as gzip packs it.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

SITE = "opt/mathesar/lib/python3*/site-packages"
# The first pattern that fits claims a file.
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Mathesar": ("pages, checks, platforms", (f"{SITE}/mathesar*", f"{SITE}/provisioner", f"{SITE}/platforms")),
    "cryptography": ("keys and stored passwords; an OpenSSL of its own", (f"{SITE}/cryptography", f"{SITE}/*cffi*")),
    "psycopg": ("the driver; libpq with OpenSSL, Kerberos and LDAP", (f"{SITE}/psycopg*",)),
    "pydantic": ("typed manifests and the API; the core is compiled", (f"{SITE}/pydantic*",)),
    "Django": ("without admin, geography and other languages", (f"{SITE}/django",)),
    "other packages": ("gunicorn, Jinja, Ninja, PyYAML, whitenoise …", ("opt/mathesar",)),
    "PostgreSQL": ("server, extensions with pgvector, dump and restore", ("opt/postgresql",)),
    "Python": ("interpreter and standard library, with bytecode", ("usr/local",)),
    "Debian's libraries": ("C library, OpenSSL, SQLite, and what else is linked", ("usr/lib",)),
    "Debian's programs": ("`sh`, and what release commands are made of", ("usr/bin",)),
    "data": ("time zones, authorities, licences, package lists", ("",)),
}  # fmt: skip


class Weight:
    """A place to write to that only weighs, as it is and as gzip packs it."""

    def __init__(self) -> None:
        self.plain = self.packed = 0
        self._pack = zlib.compressobj(6, zlib.DEFLATED, 31)

    def write(self, data: bytes) -> int:
        """Weigh some bytes."""
        self.plain += len(data)
        self.packed += len(self._pack.compress(data))
        return len(data)

    def close(self) -> None:
        """Weigh what the packer still held."""
        self.packed += len(self._pack.flush())


def parts(root: Path) -> Iterable[tuple[str, str, Weight]]:
    """Yield name, reason and weight of each part of the file system under `root`."""
    seen: set[Path] = set()
    for name, (reason, patterns) in PARTS.items():
        weight = Weight()
        with tarfile.open(fileobj=weight, mode="w|") as archive:  # type: ignore[call-overload]
            for path in sorted(file for pattern in patterns for file in _files(root, pattern)):
                if path not in seen:
                    seen.add(path)
                    archive.add(path, str(path.relative_to(root)), recursive=False)
        weight.close()
        yield name, reason, weight


def layers(image: str) -> list[Weight]:
    """Return the weight of each layer, in order."""
    weights = []
    save = ["podman", "save", "--format", "docker-archive", image]
    with (
        subprocess.Popen(save, stdout=subprocess.PIPE) as saving,
        tarfile.open(fileobj=saving.stdout, mode="r|") as archive,
    ):
        for member in archive:
            if member.name.endswith(".tar") and member.isfile():
                weights.append(_weigh(archive.extractfile(member)))
    return weights


def main(image: str, limit: float) -> int:
    """Print the table; return the exit status."""
    root = Path(_podman("image", "mount", image))
    print("| Part | Unpacked, MB | gzip, MB | What it is |\n| --- | ---: | ---: | --- |")
    with ThreadPoolExecutor() as pool:  # zlib needs no lock of Python's
        try:
            counting = pool.submit(layers, image)
            for name, reason, weight in parts(root):
                if weight.packed > 1000:
                    print(f"| {name} | {weight.plain / 1e6:.1f} | {weight.packed / 1e6:.1f} | {reason} |")
            all_layers = counting.result()
        finally:
            _podman("image", "unmount", image)
    plain, packed = sum(each.plain for each in all_layers), sum(each.packed for each in all_layers)
    print(f"| **all {len(all_layers)} layers** | {plain / 1e6:.1f} | {packed / 1e6:.1f} | limit {limit:g} MB |")
    return int(packed > limit * 1e6)


def _files(root: Path, pattern: str) -> Iterable[Path]:
    for place in root.glob(pattern) if pattern else [root]:
        yield from place.rglob("*") if place.is_dir() and not place.is_symlink() else [place]


def _weigh(file: IO[bytes] | None) -> Weight:
    weight = Weight()
    file = file or io.BytesIO()
    while data := file.read(2**20):
        weight.write(data)
    weight.close()
    return weight


def _podman(*arguments: str) -> str:
    return subprocess.run(["podman", *arguments], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], float(sys.argv[2])))
