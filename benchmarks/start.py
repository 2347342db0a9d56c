"""Time from starting the process to the first 200 on /livez, against a stock Django project under gunicorn.

    python benchmarks/start.py [rounds]

The floor is `django-admin startproject` with PostgreSQL as its database, the same gunicorn settings and one more
view. Limits: 1.5 x that for a start with nothing to migrate, 3 x for the first start on an empty database.
Rounds alternate, and the fastest of each kind counts: what else the machine does only ever adds.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.platforms.environments import render  # noqa: E402 - the path is set just above
from tests.postgres import PASSWORD, SUPERUSER, PostgresServer, free_port, system_binaries  # noqa: E402
from tests.system.conftest import own_address  # noqa: E402

LIMIT_NOTHING_TO_DO = 1.5
LIMIT_FIRST = 3.0
GUNICORN = [
    "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--worker-tmp-dir", "/dev/shm",
    "--max-requests", "2000", "--max-requests-jitter", "200",
]  # fmt: skip


def first_answer(command: list[str], environ: Mapping[str, str], folder: Path, port: int) -> float:
    """Return the seconds until the first 200; the process is ended afterwards."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env={"PATH": os.environ["PATH"], "HOME": str(folder), **environ},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while time.perf_counter() - begun < 60:
            if process.poll() is not None:
                raise SystemExit(f"{command} ended with {process.returncode}")
            if answers(port):
                return time.perf_counter() - begun
            time.sleep(0.002)
        raise SystemExit(f"{command} never answered")
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    """Tell whether /livez gives 200 now."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def stock_project(folder: Path, server: PostgresServer) -> None:
    """Write a stock project, change its database, and add a view."""
    subprocess.run([sys.executable, "-m", "django", "startproject", "stock", str(folder)], check=True)
    settings = folder / "stock" / "settings.py"
    database = {
        "ENGINE": "django.db.backends.postgresql", "NAME": "stock", "USER": SUPERUSER, "PASSWORD": PASSWORD,
        "HOST": "127.0.0.1", "PORT": server.port,
    }  # fmt: skip
    settings.write_text(
        f"{settings.read_text()}\nDEBUG = False\nALLOWED_HOSTS = ['*']\nDATABASES = {{'default': {database!r}}}\n"
    )
    (folder / "stock" / "urls.py").write_text(
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "urlpatterns = [path('livez', lambda request: HttpResponse('ok'))]\n"
    )


def main() -> int:
    """Measure, print, and return 1 beyond a limit."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with PostgresServer(system_binaries(), listen="*") as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server.create_database("stock")
        stock_project(folder, server)
        port = free_port()
        host = own_address() or "127.0.0.1"
        environ = render(server.url("mathesar", host=host), port)
        if host == "127.0.0.1":  # refused on a platform: measure a person's own machine
            environ = {key: environ[key] for key in ("PORT", "SECRET_KEY", "DATABASE_URL")}
        environ |= {"WEB_CONCURRENCY": "2"}
        ours = [sys.executable, "-m", "mathesar", "start"]
        bare = [sys.executable, "-m", "gunicorn", *GUNICORN, "-b", f"127.0.0.1:{port}", "stock.wsgi"]

        def first() -> float:
            server.create_database("mathesar")
            return first_answer(ours, environ, folder, port)

        kinds: dict[str, Callable[[], float]] = {
            "stock Django + gunicorn": lambda: first_answer(bare, {}, folder, port),
            "first start": first,
            "nothing to migrate": lambda: first_answer(ours, environ, folder, port),
        }
        for measure in kinds.values():  # bytecode and page cache
            measure()
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, measure in kinds.items():
                times[kind].append(measure())
    return report(times)


def report(times: Mapping[str, list[float]]) -> int:
    """Print each kind's fastest and median time and its ratio to the floor; return the exit status."""
    floor = min(times["stock Django + gunicorn"])
    limits = {"nothing to migrate": LIMIT_NOTHING_TO_DO, "first start": LIMIT_FIRST}
    failed = False
    for kind, seconds in times.items():
        ratio = min(seconds) / floor
        limit = limits.get(kind)
        failed |= limit is not None and ratio > limit
        shown = f"{ratio:.2f} x (limit {limit} x)" if limit else "the floor"
        print(f"{kind:26} {min(seconds) * 1000:6.0f} ms, median {statistics.median(seconds) * 1000:.0f} ms  {shown}")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
