"""What stands before the managed PostgreSQL: the platform's TLS, and the faults that scenarios ask for.

The programs that a machine has may lack TLS, so it ends here; behind the gate is a plain connection.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import struct
import threading
import time
from types import TracebackType
from typing import Literal

from .certificate import Certificate

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102  # PostgreSQL's "Message Formats"
CHUNK = 65536
LONGEST_START = 10000  # PostgreSQL's MAX_STARTUP_PACKET_LENGTH
NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
Tls = Literal["none", "offered", "required"]


class Gate:
    """Listens on `port` of this machine's `address`, and hands its own connections on to PostgreSQL at `upstream`."""

    def __init__(self, address: str, upstream: tuple[str, int], certificate: Certificate, tls: Tls) -> None:
        self.address = address
        self.upstream, self.tls = upstream, tls
        self.delay = 0.0  # seconds, for each piece from the server
        self.closed = False  # refuse every connection, as a server that is down does
        self.most = 0  # the most connections that were open at once
        self._context = certificate.server_context("postgresql")
        self._listener = socket.create_server((address, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._count = 0
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Gate:
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """End every open connection, as a restart of the server does."""
        with self._lock:
            ends = list(self._open)
        for end in ends:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(end, socket.SHUT_RDWR)  # an SSLSocket would forget that it is one

    def _accept(self) -> None:
        while True:
            try:
                client, (visitor, _) = self._listener.accept()
            except OSError:
                return
            if self.closed or visitor != self.address:  # nobody else's machine
                client.close()
            else:
                with self._lock:
                    self._open.add(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as ends:
            ends.callback(self._forget, client)
            ends.enter_context(client)
            client.settimeout(30)
            opened = self._open_client(client, ends)
            if opened is None:
                return
            client, first = opened
            client.settimeout(None)
            server = ends.enter_context(socket.create_connection(self.upstream, timeout=10))
            server.settimeout(None)
            server.sendall(first)
            self._between(client, server)

    def _between(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._open |= {client, server}
            self._count += 1
            self.most = max(self.most, self._count)
        try:
            self._exchange(client, server)
        finally:
            with self._lock:
                self._open -= {client, server}
                self._count -= 1

    def _exchange(self, client: socket.socket, server: socket.socket) -> None:
        """Hand on in both directions, in one thread: OpenSSL's connections are not for two at a time."""
        others, unsent = {client: server, server: client}, {client: bytearray(), server: bytearray()}
        for end in others:
            end.setblocking(False)
        with selectors.DefaultSelector() as ready:
            for end in others:
                ready.register(end, selectors.EVENT_READ)
            while True:
                moved = False
                for source, sink in others.items():
                    with contextlib.suppress(*NOT_NOW):
                        if len(unsent[sink]) < 4 * CHUNK:
                            piece = source.recv(CHUNK)
                            if not piece:
                                self._last(sink, unsent[sink])
                                return
                            if source is server and self.delay:
                                time.sleep(self.delay)
                            unsent[sink] += piece
                            moved = True
                    with contextlib.suppress(*NOT_NOW):
                        if unsent[sink]:
                            del unsent[sink][: sink.send(unsent[sink])]
                            moved = True
                if not moved:
                    for end, other in others.items():
                        room = selectors.EVENT_READ if len(unsent[other]) < 4 * CHUNK else 0
                        ready.modify(end, room | (selectors.EVENT_WRITE if unsent[end] else 0))
                    ready.select()

    def _last(self, sink: socket.socket, unsent: bytearray) -> None:
        sink.settimeout(5)
        sink.sendall(unsent)
        if isinstance(sink, ssl.SSLSocket):
            sink.settimeout(1)
            sink.unwrap()  # PostgreSQL says goodbye in TLS too, and a request to cancel waits for that

    def _forget(self, client: socket.socket) -> None:
        with self._lock:
            self._open.discard(client)

    def _encrypted(self, client: socket.socket, ends: contextlib.ExitStack) -> socket.socket:
        wrapped = self._context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
        ends.callback(self._forget, wrapped)
        ends.enter_context(wrapped)
        with self._lock:
            self._open.add(wrapped)
        wrapped.do_handshake()
        return wrapped

    def _open_client(self, client: socket.socket, ends: contextlib.ExitStack) -> tuple[socket.socket, bytes] | None:
        """Speak the start of the protocol; return the socket to go on with and its first message."""
        while True:
            if client.recv(1, socket.MSG_PEEK) == b"\x16":  # sslnegotiation=direct
                client = self._encrypted(client, ends)
            head = _exactly(client, 8)
            length, code = struct.unpack("!II", head)
            if code == SSL_REQUEST and self.tls != "none":
                client.sendall(b"S")
                client = self._encrypted(client, ends)
                head = _exactly(client, 8)
                length, code = struct.unpack("!II", head)
            elif code in (SSL_REQUEST, GSS_REQUEST):
                client.sendall(b"N")
                continue
            encrypted = hasattr(client, "cipher")
            if self.tls == "required" and not encrypted and code != CANCEL_REQUEST:
                client.sendall(_fatal("28000", "no pg_hba.conf entry for this host, no encryption"))
                return None
            if not 8 <= length <= LONGEST_START:
                return None
            return client, head + _exactly(client, length - 8)


def _exactly(client: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = client.recv(count - len(found))
        if not piece:
            raise ConnectionError("the client went away")
        found += piece
    return found


def _fatal(code: str, words: str) -> bytes:
    fields = b"".join(kind + text.encode() + b"\0" for kind, text in ((b"S", "FATAL"), (b"C", code), (b"M", words)))
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"
