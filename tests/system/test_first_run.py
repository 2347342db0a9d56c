"""A new install as real processes: the log's line, the claim, the superuser of the environment, the way back in."""

from __future__ import annotations

import re

import pytest

from tests.platforms.environments import HOSTS, heroku, render
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar, run
from tests.system.visitor import TOKEN, Visitor

HOST = HOSTS["render"]
PERSON = {"username": "ada", "email": "ada@example.org", "password": "Analytical engine 1843"}
LINE = re.compile(r"Setup code: (\S+)  Open (https://\S+?)/setup#(\S+)")


@pytest.fixture
def environ(server: PostgresServer, address: str, sslmode: str | None) -> dict[str, str]:
    """Give a new install on Render."""
    server.create_database("first")
    return render(server.url("first", host=address, sslmode=sslmode), free_port())


def claim(visitor: Visitor, code: str) -> int:
    page = visitor.request("GET", "/setup")
    token = TOKEN.search(page.body)
    assert token is not None, page.body
    return visitor.request("POST", "/setup", {**PERSON, "code": code, "csrfmiddlewaretoken": token[1]}).status


def superusers(server: PostgresServer) -> list[tuple[object, ...]]:
    return server.psql("SELECT username FROM mathesar_internal.auth_user WHERE is_superuser", "first")


def test_the_link_of_the_log_claims_it_once(server: PostgresServer, environ: dict[str, str]) -> None:
    codes = set()
    for _ in range(2):  # the same after a restart
        with Mathesar(environ) as process:
            process.wait("/readyz")
            found = LINE.search(process.log)
            assert found is not None, process.log
            assert found[1] == found[3]
            assert found[2] == f"https://{HOST}"
            codes.add(found[1])
    (code,) = codes
    with Mathesar(environ) as process:
        process.wait("/readyz")
        visitor = Visitor(HOST, process.port)
        before = [(answer.status, answer.body) for answer in (process.get("/livez"), process.get("/readyz"))]
        assert visitor.visit("/databases/").status == 200
        assert visitor.history == ["/setup"]
        assert claim(visitor, "AAAA-AAAA-AAAA-AAAA-AAAA") == 403
        assert superusers(server) == []
        assert claim(visitor, code) == 302
        assert superusers(server) == [("ada",)]
        assert "Setup is complete: 'ada'" in process.log
        assert visitor.visit("/databases/").status == 200
        assert visitor.request("GET", "/setup").status == 404
        assert Visitor(HOST, process.port).request("POST", "/setup", PERSON).status == 404
        assert [(answer.status, answer.body) for answer in (process.get("/livez"), process.get("/readyz"))] == before
        assert code.replace("-", "") not in process.log.replace("-", "").split("Setup is complete")[1]
    with Mathesar(environ) as process:
        process.wait("/readyz")
        assert "Setup code" not in process.log


def test_a_code_of_the_platform_is_not_in_the_log(environ: dict[str, str]) -> None:
    code = "b7b1f0c2d9e84a6f9d3c5e7a1b2c3d4e"
    with Mathesar({**environ, "MATHESAR_SETUP_CODE": code}) as process:
        process.wait("/readyz")
        assert code not in process.log
        assert "MATHESAR_SETUP_CODE" in process.log
        assert claim(Visitor(HOST, process.port), code) == 302


def test_the_superuser_of_the_environment(server: PostgresServer, environ: dict[str, str]) -> None:
    admin = {"MATHESAR_ADMIN_USERNAME": "grace", "MATHESAR_ADMIN_PASSWORD": "Nanoseconds of wire 1906"}
    weak = run(["release"], {**environ, **admin, "MATHESAR_ADMIN_PASSWORD": "grace"})
    assert weak.returncode == 1
    assert "MATHESAR_ADMIN_PASSWORD" in weak.stderr
    assert "MinimumLengthValidator" in " ".join(weak.stderr.split())
    half = run(["release"], {**environ, "MATHESAR_ADMIN_USERNAME": "grace"})
    assert (half.returncode, "MP317" in half.stderr) == (1, True)
    with Mathesar({**environ, **admin}) as process:
        process.wait("/readyz")
        assert "Setup code" not in process.log
        assert admin["MATHESAR_ADMIN_PASSWORD"] not in process.log
        visitor = Visitor(HOST, process.port)
        assert visitor.request("GET", "/setup").status == 404
        assert visitor.sign_in("grace", admin["MATHESAR_ADMIN_PASSWORD"]).status == 302
    other = {**admin, "MATHESAR_ADMIN_PASSWORD": "Another one altogether 7"}
    with Mathesar({**environ, **other}) as process:  # create-only
        process.wait("/readyz")
        assert Visitor(HOST, process.port).sign_in("grace", other["MATHESAR_ADMIN_PASSWORD"]).status == 200
        assert Visitor(HOST, process.port).sign_in("grace", admin["MATHESAR_ADMIN_PASSWORD"]).status == 302
    assert superusers(server) == [("grace",)]


def test_the_way_back_in(environ: dict[str, str]) -> None:
    admin = {"MATHESAR_ADMIN_USERNAME": "grace", "MATHESAR_ADMIN_PASSWORD": "Nanoseconds of wire 1906"}
    assert run(["release"], {**environ, **admin}).returncode == 0
    again = {**admin, "MATHESAR_ADMIN_PASSWORD": "Found in the relay 9 9 1947"}
    done = run(["reset-admin", "--noinput"], {**environ, **again})
    assert done.returncode == 0, done.stderr
    assert again["MATHESAR_ADMIN_PASSWORD"] not in done.stdout + done.stderr
    with Mathesar(environ) as process:
        process.wait("/readyz")
        assert Visitor(HOST, process.port).sign_in("grace", again["MATHESAR_ADMIN_PASSWORD"]).status == 302


def test_release_and_serve_say_it_too(server: PostgresServer, address: str, sslmode: str | None) -> None:
    server.create_database("first")
    environ = heroku(server.url("first", host=address, sslmode=sslmode), free_port())
    assert run(["release"], environ).returncode == 0
    with Mathesar(environ, "serve") as process:
        process.wait("/readyz")
        assert "Setup code: " in process.log
