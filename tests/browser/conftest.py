"""A real Chromium before a real HTTP server with the real middleware."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest

from tests.mathesar.conftest import plan, server, site, use
from tests.postgres import free_port

__all__ = ["plan", "server", "site", "use"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(plan) -> Iterator[str]:
    """Give the address of the served application."""
    from django.core.wsgi import get_wsgi_application

    port = free_port()
    served = _Server(("127.0.0.1", port), _Quiet)
    served.set_app(get_wsgi_application())
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{port}"
    served.shutdown()
    served.server_close()
    thread.join()


@pytest.fixture
def signed_in(address: str) -> dict[str, str]:
    """Give the session cookie of a signed-in superuser."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create_superuser("ada.lovelace@example.org", password="correct horse"))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}
