"""The edge: TLS, the headers that the app gets, and what visitors get when the app does not answer."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.rehearsal.address import own_address
from provisioner.rehearsal.certificate import Certificate, self_signed
from provisioner.rehearsal.edge import VISITOR, Edge
from provisioner.rehearsal.visitor import Visitor

HOST = "app.tiny.example"


class App(http.server.BaseHTTPRequestHandler):
    """Says back what it got, or misbehaves as its path says."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("latin-1")
        if self.path == "/hangs":
            time.sleep(2)
        if self.path in ("/cut", "/hangs"):
            self.close_connection = True
            return
        if self.path == "/rubbish":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            self.close_connection = True
            return
        said = json.dumps({"headers": self.headers.items(), "body": body, "method": self.command, "path": self.path})
        self.send_response(302 if self.path == "/moved" else 204 if self.path == "/none" else 200)
        if self.path == "/moved":
            self.send_header("Location", f"https://{HOST}/elsewhere")
        if self.path == "/cookies":
            self.send_header("Set-Cookie", "one=1; Path=/")
            self.send_header("Set-Cookie", "two=2; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT")
        self.send_header("X-Port", str(self.server.server_address[1]))
        if self.path == "/none":
            self.end_headers()
        elif self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in ("one", "two"):
                self.wfile.write(f"{len(piece):x}\r\n{piece}\r\n".encode())
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Keep-Alive", "timeout=5")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to tell."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("edge"), "edge", HOST, "localhost")


@pytest.fixture(scope="module")
def apps() -> Iterator[list[int]]:
    servers = [http.server.ThreadingHTTPServer((own_address(), 0), App) for _ in range(3)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield [server.server_address[1] for server in servers]
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def ports(apps: list[int]) -> list[int]:
    return apps[:1]


@pytest.fixture
def edge(certificate: Certificate, ports: list[int]) -> Iterator[Edge]:
    with Edge(certificate, lambda: ports, HOST, {"X-Request-Start": "now", "X-Forwarded-Port": "443"}, 20) as made:
        yield made


def ask(edge: Edge, certificate: Certificate, path: str = "/", **more):
    """Return status, headers and body of one request; `lines` are its headers."""
    method, lines, body = more.get("method", "GET"), more.get("lines", []), more.get("body", b"")
    context = ssl.create_default_context(cafile=str(certificate.certificate))
    with (
        socket.create_connection(("127.0.0.1", edge.port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=more.get("name", HOST)) as sent,
    ):
        head = [f"{method} {path} HTTP/1.1", *(lines or [f"Host: {HOST}"]), f"Content-Length: {len(body)}", "", ""]
        sent.sendall("\r\n".join(head).encode("latin-1") + body)
        answer = http.client.HTTPResponse(sent, method=method)
        answer.begin()
        with answer:
            return answer.status, answer.headers, answer.read().decode("latin-1")


def got(edge: Edge, certificate: Certificate, *lines: str, **more) -> dict[str, list[str]]:
    """Return the headers that the app got, by their names in small letters."""
    found: dict[str, list[str]] = {}
    for name, value in json.loads(ask(edge, certificate, lines=list(lines), **more)[2])["headers"]:
        found.setdefault(name.lower(), []).append(value)
    return found


def test_the_platforms_headers(edge, certificate):
    headers = got(edge, certificate, f"Host: {HOST}", "Accept: text/html", "Cookie: a=b; c=d")
    assert headers["host"] == headers["x-forwarded-host"] == [HOST]
    assert headers["x-forwarded-proto"] == ["https"]
    assert headers["x-forwarded-for"] == [VISITOR]
    assert headers["x-forwarded-port"] == ["443"]
    assert headers["x-request-start"] == ["now"]
    assert (headers["accept"], headers["cookie"]) == (["text/html"], ["a=b; c=d"])


@pytest.mark.parametrize("change", [str, str.lower, str.upper, str.swapcase])
def test_what_a_visitor_brings_along_is_dropped(edge, certificate, change):
    names = ["X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Request-Start"]
    lines = [f"{change(name)}: planted" for name in names for _ in range(2)]
    headers = got(edge, certificate, f"Host: {HOST}", *lines)
    assert "planted" not in str(headers)
    assert all(len(headers[name.lower()]) == 1 for name in names)


def test_what_is_between_two_neighbours_is_dropped(edge, certificate):
    names = ["Connection: close, X-Mine", "Keep-Alive: 5", "TE: trailers", "Trailer: X", "Upgrade: h2c",
             "Proxy-Connection: close"]  # fmt: skip
    headers = got(edge, certificate, f"Host: {HOST}", *names)
    for line in names:
        assert line.partition(":")[0].lower() not in headers
    _, answered, _ = ask(edge, certificate)
    assert answered["Keep-Alive"] is None
    _, answered, body = ask(edge, certificate, "/chunked")
    assert answered["Transfer-Encoding"] is None
    assert body == "onetwo"


@pytest.mark.parametrize("host", ["localhost:{port}", "localhost", "127.0.0.1:{port}", HOST, HOST + ":{port}"])
def test_localhost_and_the_odd_port_are_the_apps_own_host(edge, certificate, host):
    here = host.format(port=edge.port)
    lines = [f"Host: {here}", f"Origin: https://{here}", f"Referer: https://{here}/sign-in?next=/a"]
    headers = got(edge, certificate, *lines)
    assert headers["host"] == [HOST]
    assert headers["origin"] == [f"https://{HOST}"]
    assert headers["referer"] == [f"https://{HOST}/sign-in?next=/a"]


def test_other_hosts_and_origins_stay(edge, certificate):
    headers = got(edge, certificate, "Host: other.example", "Origin: null", "Referer: https://evil.example/x")
    assert headers["host"] == ["other.example"]
    assert headers["origin"] == ["null"]
    assert headers["referer"] == ["https://evil.example/x"]


def test_no_instance_is_503(edge, certificate, ports):
    ports.clear()
    assert ask(edge, certificate)[0] == 503


@pytest.mark.parametrize(("path", "status"), [("/cut", 502), ("/rubbish", 502), ("/hangs", 504)])
def test_an_app_that_does_not_answer(edge, certificate, path, status):
    edge.seconds = 0.5 if path == "/hangs" else 20
    assert ask(edge, certificate, path)[0] == status
    edge.seconds = 20
    assert ask(edge, certificate)[0] == 200


def test_a_port_where_nobody_listens_is_502(edge, certificate, ports):
    with socket.create_server((own_address(), 0)) as probe:
        ports[:] = [probe.getsockname()[1]]
    assert ask(edge, certificate)[0] == 502


def test_head_and_none_have_no_body(edge, certificate):
    status, headers, body = ask(edge, certificate, method="HEAD")
    assert (status, body) == (200, "")
    assert int(headers["Content-Length"]) > 0  # as a GET would have
    status, headers, body = ask(edge, certificate, "/none")
    assert (status, body) == (204, "")
    assert headers["Content-Length"] is None  # RFC 9110, 8.6


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("body", [b"", b"a=b&c=\xff", b"x" * 300_000], ids=len)
def test_bodies_arrive(edge, certificate, method, body):
    told = json.loads(ask(edge, certificate, "/f?q=1", method=method, body=body)[2])
    assert (told["method"], told["path"], told["body"]) == (method, "/f?q=1", body.decode("latin-1"))


def test_a_chunked_body_arrives(edge, certificate):
    context = ssl.create_default_context(cafile=str(certificate.certificate))
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(socket.create_connection(("127.0.0.1", edge.port), timeout=20))
        connection = stack.enter_context(contextlib.closing(http.client.HTTPConnection(HOST)))
        connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        connection.request("POST", "/", iter([b"one", b"two"]), {"Host": HOST}, encode_chunked=True)
        with connection.getresponse() as answer:
            assert json.loads(answer.read())["body"] == "onetwo"


def test_cookies_and_redirects(edge, certificate):
    _, headers, _ = ask(edge, certificate, "/cookies")
    assert len(headers.get_all("Set-Cookie")) == 2
    status, headers, _ = ask(edge, certificate, "/moved")
    assert (status, headers["Location"]) == (302, f"https://{HOST}/elsewhere")
    visitor = Visitor(HOST, edge.port, certificate.certificate)
    visitor.request("GET", "/cookies")
    assert visitor.cookies == {"one": "1", "two": "2"}
    page = visitor.visit("/moved")
    assert json.loads(page.body)["path"] == "/elsewhere"


def test_each_in_turn(certificate, apps):
    with Edge(certificate, lambda: apps, HOST, {}, 5) as edge:
        answered = [int(ask(edge, certificate)[1]["X-Port"]) for _ in range(6)]
    assert answered == apps * 2


def test_one_connection_for_several_requests(edge, certificate):
    context = ssl.create_default_context(cafile=str(certificate.certificate))
    with socket.create_connection(("127.0.0.1", edge.port), timeout=20) as plain:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = context.wrap_socket(plain, server_hostname=HOST)
        for path in ("/a", "/cut", "/none", "/b"):
            connection.request("GET", path, headers={"Host": HOST})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == {"/cut": 502, "/none": 204}.get(path, 200)
        connection.close()


def test_who_never_finishes_the_handshake_delays_nobody(edge, certificate):
    silent = [socket.create_connection(("127.0.0.1", edge.port)) for _ in range(5)]
    try:
        silent[0].sendall(b"\x16\x03\x01\x02")
        silent[1].sendall(b"GET / HTTP/1.1\r\n\r\n")
        begun = time.monotonic()
        assert ask(edge, certificate)[0] == 200
        assert time.monotonic() - begun < 10
    finally:
        for client in silent:
            client.close()


def test_tls_is_needed_and_its_name_is_checked(edge, certificate):
    plain = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=10)
    plain.request("GET", "/")
    with pytest.raises((OSError, http.client.HTTPException)):
        plain.getresponse()
    plain.close()
    assert ask(edge, certificate, name="localhost")[0] == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(edge, certificate, name="other.example")


def test_its_end_closes_the_port(certificate, ports):
    threads = threading.active_count()
    with Edge(certificate, lambda: ports, HOST, {}, 5) as edge:
        assert ask(edge, certificate)[0] == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", edge.port), timeout=5)
    end = time.monotonic() + 10
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.02)
    assert threading.active_count() <= threads


def test_only_this_machine_reaches_it(edge):
    if own_address().startswith("127."):
        pytest.skip("this machine has no address but loopback")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((own_address(), edge.port), timeout=5)


def test_the_certificate_files(tmp_path: Path):
    files = self_signed(tmp_path, "some", HOST, "127.0.0.1")
    assert files.key.stat().st_mode & 0o077 == 0
    assert b"BEGIN CERTIFICATE" in files.certificate.read_bytes()
