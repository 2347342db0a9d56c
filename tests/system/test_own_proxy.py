"""A machine of one's own whose own reverse proxy ends TLS: MATHESAR_BEHIND_PROXY."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import free_port
from tests.system.process import Mathesar, run
from tests.system.visitor import Visitor
from tests.tls_certificate import write_certificate
from tests.tls_proxy import TlsProxy

HOST = "data.example.com"
USER, PASSWORD = "ada", "a long pass phrase 1815"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mathesar]:
    environ = {
        "MATHESAR_DATA_DIR": str(tmp_path_factory.mktemp("own")),
        "MATHESAR_EMBEDDED_DATABASE": "false",
        "MATHESAR_BEHIND_PROXY": "true",
        "ALLOWED_HOSTS": HOST,
        "PORT": str(free_port()),
    }
    with Mathesar(environ) as running:
        running.wait("/readyz")
        running.wait_for_line("Setup code: ")
        made = run(
            ["createsuperuser", "--noinput", "--username", USER, "--email", "ada@example.com"],
            {**environ, "DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        )
        assert made.returncode == 0, made.stderr
        yield running


def test_a_terminal_is_told_how_to_stop(process: Mathesar, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        at_terminal = ("sh", "-c", 'exec "$@" <"$0"', os.ttyname(theirs))
        environ = {**process.environ, "MATHESAR_DATA_DIR": str(tmp_path), "PORT": str(free_port())}
        with Mathesar(environ, prefix=at_terminal) as running:
            running.wait_for_line("Press Ctrl-C to stop it.\n")
    finally:
        os.close(theirs)
        os.close(ours)


def test_the_log_gives_the_proxys_address_and_no_key_to_press(process: Mathesar) -> None:
    assert f"Mathesar is ready: https://{HOST}/\n" in process.log
    assert f"Open https://{HOST}/setup#" in process.log
    assert "Ctrl-C" not in process.log  # it has no terminal


def test_the_session_is_for_https_alone(process: Mathesar, tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path, HOST)
    with TlsProxy(process.port, certificate, key) as proxy:
        visitor = Visitor(HOST, proxy.port, certificate)
        page = visitor.visit("/")
        assert (page.status, page.headers["strict-transport-security"]) == (200, "max-age=31536000")
        signed_in = visitor.sign_in(USER, PASSWORD)
        assert signed_in.status == 302, signed_in.body
        session = next(line for line in signed_in.cookies if "session=" in line)
        assert session.startswith("__Host-")
        assert "; Secure" in session
        assert visitor.visit("/").status == 200


def test_what_comes_without_tls_or_by_another_name(process: Mathesar) -> None:
    plain = process.get("/sign-in", headers={"Host": HOST, "X-Forwarded-Proto": "http"})
    assert (plain.status, plain.headers["location"]) == (301, f"https://{HOST}/sign-in")
    assert (plain.cookies, "strict-transport-security" in plain.headers) == ((), False)
    for name in ("localhost", "other.example.com"):
        assert process.get("/sign-in", headers={"Host": name, "X-Forwarded-Proto": "https"}).status == 400
    assert process.get("/readyz", headers={"Host": "127.0.0.1"}).status == 200
