"""A visitor with a cookie jar who speaks to one host name, through a TLS proxy or as its router would."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.system.process import Answer, read

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """`certificate` None: plain HTTP to the app itself, with the header that a TLS router would add."""

    def __init__(self, host: str, port: int, certificate: Path | None = None) -> None:
        self.host = host
        self.port = port
        self.context = ssl.create_default_context(cafile=str(certificate)) if certificate else None
        self.cookies: dict[str, str] = {}
        self.history: list[str] = []

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send one request and keep the cookies; redirects are not followed."""
        headers = {"Host": self.host}
        if self.context is None:
            headers["X-Forwarded-Proto"] = "https"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{self.host}",
                "Referer": f"https://{self.host}{path}",
            }  # fmt: skip
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        try:
            if self.context is not None:
                connection.sock = self.context.wrap_socket(connection.sock, server_hostname=self.host)
            connection.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = read(connection.getresponse())
        finally:
            connection.close()
        for line in answer.cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def visit(self, path: str, limit: int = 5) -> Answer:
        """Follow redirects within this host; more than `limit` is a loop."""
        self.history = []
        for _ in range(limit):
            answer = self.request("GET", path)
            if answer.status not in {301, 302, 303, 307, 308}:
                return answer
            target = urlsplit(answer.headers["location"])
            assert target.netloc in ("", self.host), answer.headers["location"]
            path = target.path + (f"?{target.query}" if target.query else "")
            self.history.append(path)
        raise AssertionError(f"redirect loop: {self.history}")

    def sign_in(self, username: str, password: str, *, token: str | None = None) -> Answer:
        """Send the sign-in form of the page; return the answer to it."""
        page = self.request("GET", "/sign-in")
        found = TOKEN.search(page.body)
        assert found is not None, page.body
        form = {"username": username, "password": password, "csrfmiddlewaretoken": token or found[1]}
        return self.request("POST", "/sign-in", form)
