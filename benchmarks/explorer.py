"""Pages of rows a second, against a bare Django view of the same SELECT on the same server.

    python benchmarks/explorer.py [rounds]

The floor is one more view in our own server: 50 rows of a table of 100,000 by its key, as JSON, over Django's own
persistent connection, for somebody who is signed in. Ours is the page's own request for the next 50 rows. The same
view in a stock Django project, for anybody and behind its sign-in, is measured for comparison: what finding session
and user costs is in it. Rounds alternate, and the fastest of each kind counts: what else the machine does only ever
takes away. Limit: half of the floor's requests a second.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgres import PASSWORD, SUPERUSER, PostgresServer, free_port, wait_for_port  # noqa: E402 - path set above
from tests.system.process import Mathesar, run  # noqa: E402

LIMIT = 0.5
SECONDS = 3.0
CLIENTS = 4
KEY = "9c0de5b1f7a24c86a1b3d5e7f90213467a8b9cadbecfd0e1f2a3b4c5d6e7f809"
GUNICORN = [
    "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--worker-tmp-dir", "/dev/shm",
    "--keep-alive", "5",
]  # fmt: skip
TABLE = """
CREATE TABLE orders AS SELECT g AS id, g % 977 AS customer, 'Customer number ' || g % 977 AS name,
    (g * 13.37)::numeric(12, 2) AS total, '2020-01-01'::timestamp + g * '1 min'::interval AS placed, g % 3 = 0 AS paid,
    md5(g::text) AS reference, repeat('Leave it at the door. ', 1 + g % 4) AS notes, g / 7.0::float8 AS weight,
    ('2020-01-01'::date + g % 999) AS due FROM generate_series(1, 100000) g
"""
VIEW = """
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import path

def rows(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM orders WHERE id > %s ORDER BY id LIMIT 51", [request.GET["after"]])
        names = [column.name for column in cursor.description]
        return JsonResponse({"rows": [dict(zip(names, row)) for row in cursor.fetchall()]})

def mine(request):
    return rows(request) if request.user.is_authenticated else HttpResponse(status=403)

urlpatterns = [path("rows", rows), path("mine", mine), path("livez", lambda request: HttpResponse("ok"))]
"""
# Our own server with the view beside its pages.
OURS = """
from django.urls import path
from mathesar.boot import server
from mathesar.cli import main

load = server.Application.load

def with_the_view(self):
    from django.db import connection
    from django.http import JsonResponse
    from mathesar import urls

    def rows(request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM public.orders WHERE id > %s ORDER BY id LIMIT 51", [request.GET["after"]])
            names = [column.name for column in cursor.description]
            return JsonResponse({"rows": [dict(zip(names, row)) for row in cursor.fetchall()]})

    urls.urlpatterns.append(path("bare", rows))
    return load(self)

server.Application.load = with_the_view
main(["start"])
"""
SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_user("ada"))
print("session", client.cookies["sessionid"].value)
"""


def write_stock_project(folder: Path, server: PostgresServer) -> dict[str, str]:
    """Write a stock project with the bare view over the same table; return the headers of somebody signed in."""
    subprocess.run([sys.executable, "-m", "django", "startproject", "stock", str(folder)], check=True)
    settings = folder / "stock" / "settings.py"
    database = {
        "ENGINE": "django.db.backends.postgresql", "NAME": "orders", "USER": SUPERUSER, "PASSWORD": PASSWORD,
        "HOST": "127.0.0.1", "PORT": server.port, "CONN_MAX_AGE": None,
    }  # fmt: skip
    settings.write_text(
        f"{settings.read_text()}\nDEBUG = False\nALLOWED_HOSTS = ['*']\nDATABASES = {{'default': {database!r}}}\n"
    )
    (folder / "stock" / "urls.py").write_text(VIEW)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=folder, check=True)
    made = subprocess.run([*manage, "shell", "-c", SIGN_IN], cwd=folder, check=True, capture_output=True, text=True)
    return {"Cookie": f"sessionid={made.stdout.split()[-1]}"}


def sign_in(process: Mathesar) -> dict[str, str]:
    """Return the headers of somebody who is signed in."""
    page = process.get("/sign-in")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    cookies = "; ".join(cookie.partition(";")[0] for cookie in page.cookies)
    answer = process.get(
        "/sign-in", method="POST", headers={"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"},
        body=f"csrfmiddlewaretoken={token[1] if token else ''}&username=ada&password=correct-horse-battery",
    )  # fmt: skip
    if answer.status != 302:
        raise SystemExit(f"signing in gave {answer.status}")
    jar = SimpleCookie()
    for cookie in answer.cookies:
        jar.load(cookie)
    return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())}


def find_rows_path(process: Mathesar, headers: Mapping[str, str]) -> str:
    """Follow the pages from the list of databases to the request for the next rows."""
    listed = process.get("/databases/", headers=headers).body
    database = re.search(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", listed)
    place = f"/databases/{database[1] if database else ''}/browse/"
    table = re.search(rf'href="({place}\d+/)"[^>]*><bdi>orders<', process.get(place, headers=headers).body)
    page = process.get(table[1] if table else place, headers=headers).body
    path = re.search(r'hx-get="([^"]+)"', page)
    if path is None:
        raise SystemExit("no link to the next rows")
    return unescape(path[1])


def rate(port: int, path: str, headers: Mapping[str, str], expected: bytes) -> float:
    """Return the requests a second that a few clients with kept connections get answered, all of them with rows."""
    counts = [0] * CLIENTS
    end = time.monotonic() + SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            body = response.read()
            if response.status != 200 or expected not in body:
                raise SystemExit(f"{path}: {response.status}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def main() -> int:
    """Measure, print, and return 1 below the limit."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with PostgresServer() as server, tempfile.TemporaryDirectory() as name:
        url = server.create_database("orders")
        server.psql(TABLE, "orders")
        server.psql("ALTER TABLE orders ADD PRIMARY KEY (id)", "orders")
        server.psql("VACUUM ANALYZE orders", "orders")
        internal = server.create_database("mathesar")
        server.psql(TABLE, "mathesar")
        server.psql("ALTER TABLE orders ADD PRIMARY KEY (id)", "mathesar")
        server.psql("VACUUM ANALYZE orders", "mathesar")
        stock_headers = write_stock_project(Path(name), server)
        port, bare_port = free_port(), free_port()
        bare = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *GUNICORN, "-b", f"127.0.0.1:{bare_port}", "stock.wsgi"], cwd=name,
            env={"PATH": os.environ["PATH"], "HOME": name}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        environ = {
            "DATABASE_URL": internal, "SECRET_KEY": KEY, "WEB_CONCURRENCY": "2",
            "PORT": str(port), "MATHESAR_DATABASES": f"(orders|{url})", "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
        }  # fmt: skip
        try:
            with Mathesar(environ, program=(sys.executable, "-c", OURS)) as process:
                process.wait("/readyz")
                made = run(
                    ["createsuperuser", "--noinput", "--username", "ada", "--email", "ada@example.org"],
                    {**environ, "DJANGO_SUPERUSER_PASSWORD": "correct-horse-battery"},
                )
                if made.returncode:
                    raise SystemExit(made.stderr)
                headers = sign_in(process)
                path = find_rows_path(process, headers)
                wait_for_port(bare_port)
                rates: dict[str, list[float]] = {name: [] for name in ("ours", "floor", "stock", "signed in")}
                for each in range(rounds + 1):
                    rates["floor"].append(rate(port, "/bare?after=50", headers, b'"id": 100,'))
                    rates["ours"].append(rate(port, path, headers, b'<td class="number">100</td>'))
                    rates["stock"].append(rate(bare_port, "/rows?after=50", {}, b'"id": 100,'))
                    rates["signed in"].append(rate(bare_port, "/mine?after=50", stock_headers, b'"id": 100,'))
                    if not each:  # connections, bytecode and caches
                        rates = {name: [] for name in rates}
        finally:
            bare.terminate()
            bare.wait()
    best = {name: max(values) for name, values in rates.items()}
    ratio = best["ours"] / best["floor"]
    print(f"a bare view in the same server   {best['floor']:6.0f} requests/s  the floor")
    print(f"the next rows of our page        {best['ours']:6.0f} requests/s  {ratio:.2f} x (limit {LIMIT} x)")
    print(f"a stock project, signed in       {best['signed in']:6.0f} requests/s")
    print(f"a stock project, for anybody     {best['stock']:6.0f} requests/s")
    return int(ratio < LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
