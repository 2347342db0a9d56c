"""The lean image against the same code outside an image: time to the first 200, and memory with 1, 2 and 4 workers.

    python benchmarks/image.py [rounds]

Outside means: a copy of the image's own files, interpreter and all, run by chroot as an ordinary process. Both have
the same settings, user and database, with nothing to migrate; rounds alternate, and the fastest of each counts. The
time begins when `sh` in either place is about to become `mathesar start`, so what podman needs to make and start a
container is no part of it: that is shown beside it. Limit: 1.2 x. It needs root, podman and the built image.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.memory import KEY, family, pss_mib  # noqa: E402 - the path is set just above
from benchmarks.start import answers  # noqa: E402
from tests.images.container import Container, podman  # noqa: E402
from tests.postgres import PostgresServer, free_port  # noqa: E402
from tests.system.process import Mathesar  # noqa: E402

IMAGE = "localhost/mathesar:lean"
LIMIT = 1.2
WORKERS = (1, 2, 4)
REQUESTS = 50
USER = 10001
SECONDS = 60
START = ": > /mark/started && exec mathesar start"
# Devices, processes and what is written, mounted for this process alone; then what an image's start would be.
OUTSIDE = (
    'mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && mount --bind "$1" "$0/mark" &&'
    f' mount -t tmpfs tmpfs "$0/tmp" && exec chroot --userspec={USER}:{USER} "$0" sh -c "{START}"'
)


def in_image(environ: Mapping[str, str], mark: Path) -> Container:
    """Start the image as its page says, but for the mark."""
    command = json.dumps(["sh", "-c", START])
    return Container(IMAGE, environ, "--volume", f"{mark.parent}:/mark", "--entrypoint", command)


def outside(environ: Mapping[str, str], mark: Path, root: Path) -> Mathesar:
    """Start the copy in `root` with the settings that the image adds."""
    added = json.loads(podman("image", "inspect", IMAGE).stdout)[0]["Config"]["Env"]
    settings = {**dict(line.split("=", 1) for line in added), **environ}
    settings["PATH"] += f":{os.environ['PATH']}"
    return Mathesar(settings, prefix=["unshare", "--mount", "sh", "-c", OUTSIDE, str(root)], program=[str(mark.parent)])


def seconds(start: Callable[[], Container | Mathesar], port: int, mark: Path) -> tuple[float, float]:
    """Return the seconds from the mark to the first 200, and those from the command to the mark."""
    mark.unlink(missing_ok=True)
    begun = time.time()
    with start() as running:
        while not answers(port):
            if time.time() - begun > SECONDS:
                raise SystemExit(f"no 200 in {SECONDS} seconds:\n{running.log}")
            time.sleep(0.002)
        answered, marked = time.time(), mark.stat().st_mtime
        running.stop()
    return answered - marked, marked - begun


def memory(environ: Mapping[str, str], mark: Path, workers: int) -> list[float]:
    """Return the PSS in MiB of process 1 and of each worker, once all have answered."""
    headers = {"Host": "localhost"}
    with in_image({**environ, "WEB_CONCURRENCY": str(workers)}, mark) as running:
        running.wait("/readyz", headers)
        for _ in range(REQUESTS * workers):
            running.get("/sign-in", headers)
            running.get("/readyz", headers)
        pids = family(int(podman("inspect", "--format", "{{.State.Pid}}", running.identity).stdout))
        if len(pids) != 1 + workers:
            raise SystemExit(f"{len(pids) - 1} workers in place of {workers}:\n{running.log}")
        return [pss_mib(pid) for pid in pids]


def copy(root: Path) -> None:
    """Copy the image's files, as they are."""
    mounted = podman("image", "mount", IMAGE).stdout.strip()
    subprocess.run(["cp", "--archive", mounted, str(root)], check=True)
    podman("image", "unmount", IMAGE)
    (root / "mark").mkdir()


def main() -> int:
    """Measure, print, and return 1 beyond the limit."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    if os.geteuid() != 0 or shutil.which("podman") is None or podman("image", "exists", IMAGE).returncode:
        print(f"the image is measured as root, with podman, once `make images` has built {IMAGE}")
        return 0
    with PostgresServer() as server, tempfile.TemporaryDirectory() as name:
        folder, root = Path(name, "mark"), Path(name, "root")
        copy(root)
        folder.mkdir()
        for place in (folder.parent, folder):
            place.chmod(0o755)
        os.chown(folder, USER, USER)
        mark, port = folder / "started", free_port()
        environ = {
            "DATABASE_URL": server.create_database("image"), "SECRET_KEY": KEY, "PORT": str(port),
            "WEB_CONCURRENCY": "2",
        }  # fmt: skip
        kinds: dict[str, Callable[[], Container | Mathesar]] = {
            "in the image": lambda: in_image(environ, mark),
            "outside": lambda: outside(environ, mark, root),
        }
        for start in kinds.values():  # migrations, and the page cache
            seconds(start, port, mark)
        times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, start in kinds.items():
                times[kind].append(seconds(start, port, mark))
        sizes = {workers: memory(environ, mark, workers) for workers in WORKERS}
    best = {kind: min(each)[0] for kind, each in times.items()}
    engine = min(before for _, before in times["in the image"])
    ratio = best["in the image"] / best["outside"]
    shown = ", ".join(f"{kind} {least * 1000:.0f} ms" for kind, least in best.items())
    print(f"first 200: {shown}; {ratio:.2f} x (limit {LIMIT} x); podman needs {engine * 1000:.0f} ms before that")
    for workers, each in sizes.items():
        parts = " + ".join(f"{size:.0f}" for size in each)
        print(f"memory of the image with WEB_CONCURRENCY={workers}: {sum(each):.0f} MiB ({parts})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
