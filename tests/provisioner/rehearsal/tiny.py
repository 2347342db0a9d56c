"""A tiny app and a tiny platform: a rehearsal of them takes a second, and every fault can be asked for."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Timeline
from provisioner.rehearsal.visitor import Visitor
from provisioner.rehearsal.wanted import Asked, Given, Habits, OfApp, OfDatabase, Wanted

# Words after the program choose how it behaves.
APP = """
import http.server, os, signal, sys, threading, time

WAYS = sys.argv[1:]
HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
SLOW = 1.0 if "slow" in WAYS else 0.0
READY = time.monotonic() + (2.0 if "late" in WAYS else 0.0)


def database():
    import psycopg
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, connect_timeout=5)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = self.headers["Host"].partition(":")[0]
        if HOSTS and host not in HOSTS and "any-host" not in WAYS:
            return self.say(400, "no such host")
        if self.path == "/livez":
            time.sleep(max(0.0, READY - time.monotonic()))
            return self.say(404 if "lost" in WAYS else 500 if "ill" in WAYS else 200, "well")
        time.sleep(SLOW)
        if "kept" in WAYS:
            try:
                KEPT.execute("SELECT 1")
            except Exception:
                return self.say(500, "the database is gone")
        if "asks" in WAYS:
            try:
                with database() as connection:
                    connection.execute("SELECT 1")
            except Exception:
                return self.say(500, "the database is gone")
        if self.path.startswith("/keep/"):
            open("note", "w").write(self.path[6:])
        self.say(200, open("note").read() if self.path == "/note" and os.path.exists("note") else "hello")

    def say(self, status, words):
        self.send_response(status)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64


if "typo" in WAYS and "://" not in os.environ["DATABASE_URL"]:
    print("MP101 DATABASE_URL is not a URL", flush=True)
    sys.exit(1)
if "db" in WAYS:
    database().close()
if "kept" in WAYS:
    KEPT = database()
if "clean" in WAYS:
    database().execute("DROP TABLE IF EXISTS public.rehearsal_harbours")
if "alone" in WAYS:
    connection = database()
    if not connection.execute("SELECT pg_try_advisory_lock(7)").fetchone()[0]:
        print("Error: another one is running", flush=True)
        sys.exit(3)
if "big" in WAYS:
    FULL = bytearray(80 << 20)
    FULL[::4096] = b"x" * len(FULL[::4096])
    time.sleep(0.0 if "quick" in WAYS else 0.8)  # the kernel's part looks now and then
if "key" in WAYS and os.environ.get("SECRET_KEY") != open(os.environ["KEY_FILE"]).read():
    sys.exit("Error: another key")
if "dies" in WAYS:
    sys.exit("Error: no luck today")
if "hangs" in WAYS:
    time.sleep(600)
address = "127.0.0.1" if "loopback" in WAYS else "0.0.0.0"
server = Server((address, 0 if "odd-port" in WAYS else int(os.environ["PORT"])), Handler)


def end(*_):
    # What the edge has chosen this instance for arrives for a moment still.
    threading.Timer(0.3, server.shutdown).start()


if "drains" in WAYS:
    signal.signal(signal.SIGTERM, end)
if "deaf" in WAYS:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
server.serve_forever(0.02)
server.server_close()
"""


def command(*ways: str) -> tuple[str, ...]:
    """Return the command of the app that behaves in these ways."""
    return (sys.executable, "-c", APP, *ways)


def _inject(wanted: Wanted, host: str, port: int) -> dict[str, str]:
    return {"TINY": wanted.name, "PORT": str(port)}


HABITS = Habits(
    label="Tiny",
    host="{name}.tiny.example",
    database_host="db.tiny.internal",
    database_url=lambda role, host, port: f"postgresql://{role.name}:{role.password}@{host}:{port}/{role.dbname}",
    inject=_inject,
    boot_seconds=10,
    accepts=range(200, 300),
)
ENVS: dict[str, Any] = {"DATABASE_URL": OfDatabase(), "ALLOWED_HOSTS": OfApp(), "EMPTY": Asked(), "FIXED": Given("x")}


def wanted(*ways: str, **more: Any) -> Wanted:
    """Return what a manifest of the app asks for."""
    made = Wanted("app", ENVS, command(*ways), health="/livez", memory_mb=256, shutdown_seconds=5)
    return replace(made, **more)


@contextlib.contextmanager
def session(asked: Wanted, timeline: Timeline | None = None, **habits: Any) -> Iterator[Session]:
    """Run a session with its database and edge, before the first deploy."""
    with Keeper() as keeper, Session(asked, replace(HABITS, **habits), keeper, timeline or Timeline()) as made:
        made.prepare()
        yield made


def visitor(made: Session) -> Visitor:
    """Return a visitor of the app."""
    return Visitor(made.host, made.edge.port, made.edge_certificate)
