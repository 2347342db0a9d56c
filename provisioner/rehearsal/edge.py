"""The platform's edge: ends TLS, says so in headers, sends each request to an instance that is in service."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from .address import own_address
from .certificate import Certificate

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
SETTLE_SECONDS = 0.4
VISITOR = "203.0.113.9"  # RFC 5737, for documentation


class Edge:
    """Serves https on `port` of 127.0.0.1; `upstreams` returns the ports of the instances in service now.

    `host` is the app's public name, under which localhost reaches it as well.
    """

    def __init__(
        self,
        certificate: Certificate,
        upstreams: Callable[[], list[int]],
        host: str,
        headers: Mapping[str, str],
        seconds: float,
    ) -> None:
        self.upstreams, self.host, self.headers, self.seconds = upstreams, host, headers, seconds
        self._turn = itertools.count()
        self._under_way: set[object] = set()
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._context = certificate.server_context("http/1.1")
        # The handshake waits for the thread of its connection: a visitor who says nothing keeps nobody waiting.
        self._server.socket = self._context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Edge:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def choose(self) -> int | None:
        """Return the next instance's port, round robin; None where none is in service."""
        ports = self.upstreams()
        return ports[next(self._turn) % len(ports)] if ports else None

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Count the block as a request that is under way."""
        request = object()
        with self._changed:
            self._under_way.add(request)
        try:
            yield
        finally:
            with self._changed:
                self._under_way.discard(request)
                self._changed.notify_all()

    def settle(self) -> None:
        """Wait a moment for what is under way now.

        Platforms' routers hear of it before the instance does. What was sent to an instance has been taken by it then,
        and whatever takes longer is the instance's to end in its window.
        """
        with self._changed:
            now = set(self._under_way)
            self._changed.wait_for(lambda: not now & self._under_way, SETTLE_SECONDS)

    def public(self, host: str) -> str:
        """Return the host that the app is to see: the edge's odd port and localhost are this machine's alone."""
        name = host.rsplit(":", 1)[0]
        return self.host if name in ("localhost", "127.0.0.1") else name

    def rewritten(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return a request's headers as the app gets them; what the platform sets cannot be brought along."""
        host = self.public({name.lower(): value for name, value in headers.items()}.get("host", ""))
        fixed = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": VISITOR, "X-Forwarded-Host": host}
        fixed |= dict(self.headers)
        taken = {name.lower() for name in fixed} | HOP_BY_HOP
        found = {name: value for name, value in headers.items() if name.lower() not in taken}
        for name, value in found.items():
            if name.lower() in ("origin", "referer"):
                parts = urlsplit(value)
                if parts.netloc:
                    found[name] = parts._replace(netloc=self.public(parts.netloc)).geturl()
        return found | fixed


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who leaves early is no error of ours."""


def _handler(edge: Edge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 120

        def forward(self) -> None:
            with edge.serving():
                self.handed_on()

        def handed_on(self) -> None:
            body = self.content()
            port = edge.choose()
            if port is None:
                self.answer(503, [], b"No instance is in service.")
                return
            upstream = http.client.HTTPConnection(own_address(), port, timeout=edge.seconds)
            try:
                upstream.request(self.command, self.path, body or None, edge.rewritten(dict(self.headers.items())))
                answer = upstream.getresponse()
                content = answer.read()
                self.answer(answer.status, answer.getheaders(), content)
            except TimeoutError:
                self.answer(504, [], b"The app did not answer in time.")
            except (OSError, http.client.HTTPException):
                self.answer(502, [], b"The app closed the connection.")
            finally:
                upstream.close()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward

        def content(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            pieces = []
            while length := int(self.rfile.readline(1000).partition(b";")[0], 16):
                pieces.append(self.rfile.read(length))
                self.rfile.readline(1000)
            while self.rfile.readline(65536).strip():
                """Trailers end with an empty line."""
            return b"".join(pieces)

        def answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            self.send_response_only(status)
            own = {*HOP_BY_HOP} if self.command == "HEAD" else {*HOP_BY_HOP, "content-length"}
            for name, value in headers:
                if name.lower() not in own:
                    self.send_header(name, value)
            if self.command != "HEAD" and status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """The timeline says what matters."""

    return Handler
