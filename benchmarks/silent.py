"""Three people open a database whose server never answers; everybody else's pages, against their usual time.

Measured while the three wait: /livez, the sign-in page and another database's page, each as a median, which must
stay within 1.5 times the median of the same page before.
"""

from __future__ import annotations

import socket
import statistics
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

LIMIT = 1.5
CONNECTS = 3
ROUNDS = 3
SAMPLES = 40
PASSWORD = "a long pass phrase 1815"


def main() -> int:
    """Measure, print, and return the exit status."""
    from tests.platforms.environments import HOSTS, render
    from tests.postgres import PostgresServer, free_port
    from tests.system.conftest import own_address
    from tests.system.process import Mathesar, run
    from tests.system.visitor import Visitor

    address = own_address()
    if address is None:
        print("skipped: this machine has no address but loopback")
        return 0
    with PostgresServer(listen="*") as server, closing(socket.create_server((address, 0), backlog=100)) as silent:
        server.create_database("internal")
        server.create_database("live")
        urls = {name: server.url(name, host=address) for name in ("internal", "live")}
        dead = f"postgresql://u:a-Passw0rd-9@{address}:{silent.getsockname()[1]}/none?sslmode=disable"
        environ = {
            **render(urls["internal"], free_port()),
            "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
            "MATHESAR_DATABASES": f"(live|{urls['live']}),(silent|{dead})",
        }
        with Mathesar(environ) as process:
            process.wait("/readyz")
            made = run(["createsuperuser", "--noinput", "--username", "ada"],
                       {**environ, "DJANGO_SUPERUSER_PASSWORD": PASSWORD})  # fmt: skip
            assert made.returncode == 0, made.stderr
            visitor = Visitor(HOSTS["render"], process.port)
            assert visitor.sign_in("ada", PASSWORD).status == 302
            ids = dict(server.psql("SELECT name, id FROM mathesar_internal.connections_database", "internal"))
            pages = {
                "/livez": "/livez",
                "sign-in": "/sign-in",
                "another database": f"/databases/{ids['live']}/browse/",
            }
            anonymous = Visitor(HOSTS["render"], process.port)
            time.sleep(6)  # what start-up looks at in the background is over
            usual = {name: [] for name in pages}
            for _ in range(SAMPLES):
                sample(pages, visitor, anonymous, usual)
            during = {name: [] for name in pages}
            for _ in range(ROUNDS):
                waiting = [
                    threading.Thread(target=visitor.request, args=("GET", f"/databases/{ids['silent']}/browse/"))
                    for _ in range(CONNECTS)
                ]
                for thread in waiting:
                    thread.start()
                while any(thread.is_alive() for thread in waiting):
                    sample(pages, visitor, anonymous, during)
    failed = 0
    for name in pages:
        before, now = statistics.median(usual[name]), statistics.median(during[name])
        failed += now > LIMIT * before
        print(
            f"{name}: usually {before * 1000:.1f} ms, with {CONNECTS} connects to a silent server {now * 1000:.1f} ms "
            f"({now / before:.2f} x, limit {LIMIT} x; slowest {max(during[name]) * 1000:.0f} ms)"
        )
    return int(failed > 0)


def sample(pages, visitor, anonymous, times) -> None:  # type: ignore[no-untyped-def]
    """Ask for each page once and note its seconds."""
    for name, path in pages.items():
        begun = time.perf_counter()
        answer = (anonymous if name != "another database" else visitor).request("GET", path)
        times[name].append(time.perf_counter() - begun)
        assert answer.status == 200, (path, answer.status)


if __name__ == "__main__":
    raise SystemExit(main())
