"""Idle memory of `mathesar start`: PSS of the parent and 2 workers of 4 threads, after some requests.

    python benchmarks/memory.py

Limit: 150 MiB in all (Linux only: /proc/*/smaps_rollup).
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgres import PostgresServer, free_port  # noqa: E402 - the path is set just above
from tests.system.process import Mathesar  # noqa: E402

LIMIT_MIB = 150
REQUESTS = 100
KEY = "9c0de5b1f7a24c86a1b3d5e7f90213467a8b9cadbecfd0e1f2a3b4c5d6e7f809"


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def pss_mib(pid: int) -> float:
    """Return a process's share of memory: what it has alone, and its part of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"no PSS of process {pid}")


def main() -> int:
    """Measure, print, and return 1 beyond the limit."""
    if not Path("/proc/self/smaps_rollup").exists():
        print("only Linux says how much memory processes share")
        return 0
    with PostgresServer() as server:
        environ = {
            "DATABASE_URL": server.create_database("memory"), "SECRET_KEY": KEY, "WEB_CONCURRENCY": "2",
            "PORT": str(free_port()),
        }  # fmt: skip
        with Mathesar(environ) as process:
            process.wait("/readyz")
            for _ in range(REQUESTS):  # both workers have loaded what a page needs
                process.get("/sign-in")
                process.get("/readyz")
            sizes = [pss_mib(pid) for pid in family(process.process.pid)]
    total = sum(sizes)
    parts = " + ".join(f"{size:.0f}" for size in sizes)
    print(f"idle PSS of parent and {len(sizes) - 1} workers: {total:.0f} MiB ({parts}); limit {LIMIT_MIB} MiB")
    return int(total > LIMIT_MIB)


if __name__ == "__main__":
    raise SystemExit(main())
