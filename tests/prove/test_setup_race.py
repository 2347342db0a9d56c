"""Claiming an install: 16 at once over two servers, 200 times, and 100,000 wrong codes."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.mathesar import plans
from tests.postgres import PostgresServer, free_port
from tests.system.inside import ROOT, code
from tests.system.process import Mathesar

pytestmark = pytest.mark.prove
ROUNDS, AT_ONCE = 200, 16
WRONG_IN_PROCESS, WRONG_OVER_HTTP, PROCESSES = 96_000, 4_000, 2
DATABASE = "setup_race"
PASSWORD = "Analytical engine 1843"
# Every code of every request is looked at by the view itself, as fast as it goes; the hasher must never be asked.
GUESS = """
import sys, random
from collections import Counter
from django.contrib.auth import hashers
from django.test import RequestFactory
from mathesar.setup.views import setup
hashed = []
hashers.PBKDF2PasswordHasher.encode = lambda *_: hashed.append(1)
factory, rng, seen = RequestFactory(), random.Random(sys.argv[1]), Counter()
for _ in range(int(sys.argv[2])):
    typed = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=20))
    fields = {"code": typed, "username": "eve", "email": "", "password": "Analytical engine 1843"}
    seen[setup(factory.post("/setup", fields)).status_code] += 1
assert not hashed
print(dict(seen))
from mathesar.boot.prepare import release_connections
release_connections()
"""


@pytest.fixture
def environ(server: PostgresServer) -> dict[str, str]:
    """Give the environment of two servers that share one internal database."""
    return {
        "SECRET_KEY": plans.KEY,
        "MATHESAR_INTERNAL_DATABASE_URL": server.create_database(DATABASE),
        "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture
def pair(environ: dict[str, str], tmp_path: Path) -> Iterator[list[Mathesar]]:
    """Give two running servers; hashing is quick in them, so that more visitors reach the decision at once."""
    (tmp_path / "sitecustomize.py").write_text(
        "from django.contrib.auth.hashers import PBKDF2PasswordHasher\nPBKDF2PasswordHasher.iterations = 1000\n"
    )
    quick = {**environ, "PYTHONPATH": str(tmp_path)}
    with Mathesar({**quick, "PORT": str(free_port())}) as one, Mathesar({**quick, "PORT": str(free_port())}) as two:
        yield [one.wait("/readyz"), two.wait("/readyz")]


def setup_code(environ: dict[str, str]) -> str:
    """Return the code that the log of these servers shows."""
    snippet = "from mathesar.setup.announce import lines\nprint(lines(plan)[0])"
    with_home = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "MATHESAR_DATA_DIR": environ["MATHESAR_DATA_DIR"]}
    done = subprocess.run(
        [sys.executable, "-c", code(snippet)], cwd=ROOT, env={**environ, **with_home},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = re.search(r"Setup code: (\S+)  Open http://localhost:\d+/setup#\1$", done.stdout.strip())
    assert found is not None, done.stdout
    return found[1]


def csrf(process: Mathesar) -> tuple[str, str]:
    """Return cookie and token of the setup page; they stay good for every server of this key."""
    page = process.get("/setup")
    assert page.status == 200, page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    assert token is not None
    return next(line.split(";")[0] for line in page.cookies if "csrf" in line), token[1]


def post(port: int, cookie: str, fields: dict[str, str]) -> int:
    """Post the setup form; return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/setup", urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def forget_workers(process: Mathesar) -> None:
    """Kill the workers: a claimed install stays so in a process, and the next round needs one that knows nothing."""
    children = Path(f"/proc/{process.process.pid}/task/{process.process.pid}/children")
    workers = {int(pid) for pid in children.read_text().split()}
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 60
    while workers & {int(pid) for pid in children.read_text().split()}:
        assert time.monotonic() < end, process.log
        time.sleep(0.005)


def reset(server: PostgresServer) -> None:
    """Make the install a new one."""
    server.psql("TRUNCATE mathesar_internal.auth_user, mathesar_internal.accounts_failedsignin CASCADE", DATABASE)
    server.psql("UPDATE mathesar_internal.setup_installation SET claimed_at = NULL", DATABASE)


@pytest.mark.skipif(sys.platform != "linux", reason="the workers of a process are looked up in /proc")
def test_sixteen_at_once_two_hundred_times(
    server: PostgresServer, environ: dict[str, str], pair: list[Mathesar], tmp_path: Path
) -> None:
    right = setup_code({**environ, "MATHESAR_DATA_DIR": str(tmp_path)})
    cookie, token = csrf(pair[0])
    seen: Counter[int] = Counter()
    barrier = threading.Barrier(AT_ONCE)

    def claim(number: int) -> int:
        fields = {"code": right, "username": f"ada{number}", "email": "", "password": PASSWORD}
        barrier.wait(60)
        return post(pair[number % 2].port, cookie, {**fields, "csrfmiddlewaretoken": token})

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        for round_number in range(ROUNDS):
            if round_number:
                for process in pair:
                    forget_workers(process)
                reset(server)
            statuses = Counter(visitors.map(claim, range(AT_ONCE)))
            superusers = server.psql("SELECT count(*) FROM mathesar_internal.auth_user", DATABASE)
            claimed = server.psql("SELECT claimed_at IS NOT NULL FROM mathesar_internal.setup_installation", DATABASE)
            assert (statuses[302], superusers, claimed) == (1, [(1,)], [(True,)]), statuses
            assert set(statuses) <= {302, 404, 409, 503}, statuses
            seen += statuses
    print(f"{ROUNDS} rounds of {AT_ONCE}: {dict(seen)}")
    assert seen[302] == ROUNDS
    assert seen[409]  # some really were in the race, and lost it
    for process in pair:
        assert (process.get("/setup").status, post(process.port, cookie, {"code": right})) == (404, 404)
        assert right not in process.log.split("Setup code:")[0]
        assert PASSWORD not in process.log
        assert "Traceback" not in process.log


def test_a_hundred_thousand_wrong_codes(
    server: PostgresServer, environ: dict[str, str], pair: list[Mathesar], tmp_path: Path
) -> None:
    cookie, token = csrf(pair[0])
    home = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MATHESAR_DATA_DIR": str(tmp_path)}
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code(GUESS), str(seed), str(WRONG_IN_PROCESS // PROCESSES)], cwd=ROOT,
            env={**environ, **home}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for seed in range(PROCESSES)
    ]  # fmt: skip
    statuses: Counter[int] = Counter()

    def guess(number: int) -> int:
        fields = {"code": f"WRNG-{number:016d}", "username": "eve", "password": PASSWORD}
        return post(pair[number % 2].port, cookie, {**fields, "csrfmiddlewaretoken": token})

    begun = time.monotonic()
    try:
        with ThreadPoolExecutor(4) as visitors:
            statuses.update(visitors.map(guess, range(WRONG_OVER_HTTP)))
        for program in programs:
            said = program.communicate(timeout=1800)[0]
            assert program.returncode == 0, said
            statuses.update({int(status): int(count) for status, count in re.findall(r"(\d+): (\d+)", said)})
    finally:
        for program in programs:
            program.kill()
            program.communicate()
    minutes = (time.monotonic() - begun) / 60
    print(f"{sum(statuses.values())} wrong codes in {minutes:.1f} minutes: {dict(statuses)}")
    assert sum(statuses.values()) == WRONG_IN_PROCESS + WRONG_OVER_HTTP
    assert set(statuses) == {403, 429}
    assert statuses[403] <= 10 * (int(minutes) + 2)  # ten a minute for everybody together, whoever asks
    assert server.psql("SELECT count(*) FROM mathesar_internal.auth_user", DATABASE) == [(0,)]
    assert server.psql("SELECT claimed_at FROM mathesar_internal.setup_installation", DATABASE) == [(None,)]
