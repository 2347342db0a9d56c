"""How long it takes to generate every platform's files from the spec, over a bare interpreter."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

ROUNDS = 5
LIMIT_S = 1.0


def fastest(arguments: list[str]) -> float:
    """Return the least wall time in seconds of ROUNDS runs of the interpreter; each must exit with 0."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Print both times and how many files and platforms there were; 1 where it takes longer than LIMIT_S."""
    from provisioner.manifests import generate, platforms
    from provisioner.spec_mathesar import mathesar

    bare = fastest(["-c", "pass"])
    with tempfile.TemporaryDirectory() as folder:
        whole = fastest(["-m", "provisioner.cli", "manifests", "--output", folder])
    start = time.perf_counter()
    files = generate(mathesar())
    warm = time.perf_counter() - start
    print(f"python -c pass          {bare:6.2f} s (least of {ROUNDS})")
    print(f"provisioner manifests   {whole:6.2f} s for {len(files)} files of {len(platforms())} platforms")
    print(f"the files alone         {warm:6.2f} s in a running interpreter")
    print(f"limit                   {LIMIT_S:6.2f} s")
    return int(whole > LIMIT_S)


if __name__ == "__main__":
    raise SystemExit(main())
