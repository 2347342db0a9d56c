"""The lean image against the same code outside an image: time to the first 200, and memory for 1, 2 and 4 workers.

    python benchmarks/image.py [rounds]

Outside means: the image's own files, interpreter and all, started by chroot as an ordinary process. Both start with
nothing to migrate, and rounds alternate; the fastest of each counts. What podman itself takes to start `true` in the
same image is taken off the image's time, and shown. Limit: 1.2 x. It needs root, podman and the built image.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.memory import pss_mib  # noqa: E402 - the path is set just above
from benchmarks.start import answers  # noqa: E402
from tests.images.container import RIGHTS, podman  # noqa: E402
from tests.postgres import PostgresServer, free_port, system_binaries  # noqa: E402
from tests.system.conftest import own_address  # noqa: E402

IMAGE = "localhost/mathesar:lean"
LIMIT = 1.2
WORKERS = (1, 2, 4)
KEY = "9c0de5b1f7a24c86a1b3d5e7f90213467a8b9cadbecfd0e1f2a3b4c5d6e7f809"
NAME = f"mathesar-bench-{os.getpid()}"
START = ["mathesar", "start"]


def until_200(port: int, begun: float) -> float:
    """Return the seconds from `begun` to the first 200."""
    while not answers(port):
        if time.perf_counter() - begun > 60:
            raise SystemExit("it never answered")
        time.sleep(0.002)
    return time.perf_counter() - begun


def in_image(environ: Mapping[str, str], command: list[str]) -> list[str]:
    """Return podman's command line."""
    settings = [part for name, value in environ.items() for part in ("--env", f"{name}={value}")]
    return ["podman", "run", "--rm", "--name", NAME, "--network", "host", *RIGHTS, *settings, IMAGE, *command]


def measure_image(environ: Mapping[str, str], workers: int = 0) -> float:
    """Return the seconds to the first 200, or with `workers` the PSS in MiB of all processes after some requests."""
    begun = time.perf_counter()
    process = subprocess.Popen(in_image(environ, START), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        seconds = until_200(int(environ["PORT"]), begun)
        return _memory(int(environ["PORT"]), workers) if workers else seconds
    finally:
        podman("stop", "--time", "30", NAME)
        process.wait()


def measure_outside(environ: Mapping[str, str], root: Path) -> float:
    """Return the seconds to the first 200 of the image's files as an ordinary process."""
    settings = {**environ, "PATH": "/opt/mathesar/bin:/usr/bin", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    command = ["chroot", "--userspec=10001:10001", str(root), *START]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return until_200(int(environ["PORT"]), begun)
    finally:
        process.terminate()
        process.wait()


def engine_alone() -> float:
    """Return what podman takes to run `true` in the image, in seconds."""
    begun = time.perf_counter()
    subprocess.run(in_image({}, ["true"]), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _memory(port: int, workers: int) -> float:
    """Return the PSS of process 1 and its workers, each of which has answered."""
    for _ in range(20 * workers):
        answers(port)
    first = int(podman("inspect", "--format", "{{.State.Pid}}", NAME).stdout)
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    if len(children) != workers:
        raise SystemExit(f"{len(children)} workers in place of {workers}")
    return sum(pss_mib(pid) for pid in (first, *map(int, children)))


def main() -> int:
    """Measure, print, and return 1 beyond the limit."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    if os.geteuid() != 0 or shutil.which("podman") is None or podman("image", "exists", IMAGE).returncode:
        print(f"the image is measured as root, with podman, once `make images` has built {IMAGE}")
        return 0
    with PostgresServer(system_binaries(), listen="*") as server, tempfile.TemporaryDirectory() as name:
        root = Path(name, "root")
        mounted = podman("image", "mount", IMAGE).stdout.strip()
        shutil.copytree(mounted, root, symlinks=True)
        podman("image", "unmount", IMAGE)
        for folder in (root, root.parent):
            folder.chmod(0o755)
        (root / "tmp").chmod(0o1777)
        subprocess.run(["chown", "-R", "10001:10001", str(root / "var/lib/mathesar")], check=True)
        os.mknod(root / "dev" / "null", 0o020666, os.makedev(1, 3))
        os.mknod(root / "dev" / "urandom", 0o020666, os.makedev(1, 9))
        server.create_database("image")
        environ = {
            "DATABASE_URL": server.url("image", host=own_address() or "127.0.0.1"), "SECRET_KEY": KEY,
            "PORT": str(free_port()), "WEB_CONCURRENCY": "2",
        }  # fmt: skip
        measure_image(environ)  # migrates, and fills the page cache
        measure_outside(environ, root)
        outside, inside, engine = [], [], []
        for _ in range(rounds):
            outside.append(measure_outside(environ, root))
            inside.append(measure_image(environ))
            engine.append(engine_alone())
        memory = {count: measure_image({**environ, "WEB_CONCURRENCY": str(count)}, count) for count in WORKERS}
    own = min(inside) - min(engine)
    ratio = own / min(outside)
    print(f"outside an image {min(outside) * 1000:.0f} ms; in the image {own * 1000:.0f} ms, and podman's own "
          f"{min(engine) * 1000:.0f} ms  {ratio:.2f} x (limit {LIMIT} x)")  # fmt: skip
    for count, size in memory.items():
        print(f"idle PSS of the image with {count} workers: {size:.0f} MiB")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
