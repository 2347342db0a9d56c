"""A browser's worth of HTTP through the edge: TLS, cookies, forms with their tokens."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    body: str


class Visitor:
    """Speaks to `host` on `port` of this machine, and trusts the edge's `certificate` alone."""

    def __init__(self, host: str, port: int, certificate: Path) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self._context = ssl.create_default_context(cafile=str(certificate))

    def request(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Page:
        """Send one request; redirects are not followed. Raises OSError."""
        headers = {"Host": self.host, "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{self.host}",
                "Referer": f"https://{self.host}{path}",
            }
        connection = http.client.HTTPConnection(self.host, timeout=60)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sock = self._context.wrap_socket(plain, server_hostname=self.host)
        try:
            connection.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        except http.client.HTTPException as problem:
            raise OSError(f"no answer that is HTTP: {type(problem).__name__}") from None
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def visit(self, path: str, limit: int = 5) -> Page:
        """Follow redirects on this host. Raises OSError for more than `limit` of them."""
        for _ in range(limit):
            page = self.request("GET", path)
            if page.status not in (301, 302, 303, 307, 308):
                return page
            target = urlsplit(page.headers["location"])
            path = target.path + (f"?{target.query}" if target.query else "")
        raise OSError("the redirects do not end")

    def send(self, path: str, fields: Mapping[str, str]) -> Page:
        """Load the page, and send its form with its token and these fields."""
        token = TOKEN.search(self.request("GET", path).body)
        return self.request("POST", path, {**fields, **({"csrfmiddlewaretoken": token[1]} if token else {})})
