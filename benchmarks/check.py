"""How long ``provisioner check`` takes on a platform's environment, over a bare interpreter.

Run it with the interpreter of the environment that has the package: ``python benchmarks/check.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

ROUNDS = 15
LIMIT_MS = 120

RENDER = {
    "RENDER": "true",
    "RENDER_EXTERNAL_HOSTNAME": "mathesar-x1ab.onrender.com",
    "PORT": "10000",
    "DATABASE_URL": "postgresql://mathesar:Zq3vT8mXw2Lk@dpg-d1abcdefghij0klmno-a/mathesar_x1ab",
    "MATHESAR_DATABASES": "(Sales|postgresql://reader:Xk29dTqLmN@db.example.com/sales?sslmode=require)",
    "SECRET_KEY": "B0jrA9nq2m0w3m6nVw9mC8h0uQh1zYk3sX7dP5tR4KE=",
}


def fastest(arguments: list[str], environ: dict[str, str]) -> float:
    """Return the least wall time in ms of ROUNDS runs of the interpreter; each must exit with 0."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], env=environ, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def main() -> int:
    """Print both times and what lies between them; 1 where it is more than LIMIT_MS."""
    environ = {"PATH": os.environ.get("PATH", "")}
    bare = fastest(["-c", "pass"], environ)
    check = fastest(["-m", "provisioner.cli", "check"], environ | RENDER)
    print(f"python -c pass      {bare:6.1f} ms (least of {ROUNDS})")
    more = check - bare
    print(f"provisioner check   {check:6.1f} ms, {more:.1f} ms more, {check / bare:.1f} times as long")
    print(f"limit               {LIMIT_MS:6d} ms more")
    return int(more > LIMIT_MS)


if __name__ == "__main__":
    raise SystemExit(main())
