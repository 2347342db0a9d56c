"""A server that speaks just enough PostgreSQL to ask for a password, and keeps every byte it is told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from pathlib import Path
from types import TracebackType

SSL_REQUEST = 80877103
CLEARTEXT, MD5 = 3, 5
SALT = b"salt"
_FIELDS = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"
REFUSAL = b"E" + struct.pack("!I", 4 + len(_FIELDS)) + _FIELDS


class RogueServer:
    """Asks for the password by `method`; with a certificate it offers TLS and asks for the client's."""

    def __init__(self, method: int, certificate: tuple[Path, Path] | None = None) -> None:
        self.method = method
        self.heard = b""
        self.client_certificates: list[bytes] = []
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
            self.context.load_verify_locations(certificate[0])
            self.context.verify_mode = ssl.CERT_OPTIONAL
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = int(self.listener.getsockname()[1])
        self.clients: list[threading.Thread] = []
        self.thread = threading.Thread(target=self._serve)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._one, args=(client,))
            thread.start()
            self.clients.append(thread)

    def _one(self, client: socket.socket) -> None:
        client.settimeout(10)
        with contextlib.ExitStack() as opened, contextlib.suppress(OSError, struct.error):
            opened.enter_context(client)
            (length, code) = struct.unpack("!II", self._hear(client, 8))
            if code == SSL_REQUEST:
                client.sendall(b"S" if self.context else b"N")
                if self.context:
                    client = opened.enter_context(self.context.wrap_socket(client, server_side=True))
                    given = client.getpeercert(binary_form=True)
                    self.client_certificates += [given] if given else []
                (length, code) = struct.unpack("!II", self._hear(client, 8))
            self._hear(client, length - 8)
            extra = SALT if self.method == MD5 else b""
            client.sendall(b"R" + struct.pack("!II", 8 + len(extra), self.method) + extra)
            self.heard += client.recv(4096)
            client.sendall(REFUSAL)
            client.close()

    def _hear(self, client: socket.socket, size: int) -> bytes:
        heard = b""
        while len(heard) < size:
            part = client.recv(size - len(heard))
            if not part:
                raise OSError
            heard += part
        self.heard += heard
        return heard

    def __enter__(self) -> RogueServer:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for each in self.clients:
            each.join()
