"""The first middleware: answers health checks before host validation and redirects.

A platform's prober sends a Host of its own (an internal address, `healthcheck.railway.app`) over plain HTTP.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from mathesar.health import readiness

METHODS = ("GET", "HEAD")


class HealthMiddleware:
    """Answer /livez and /readyz; pass everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a health check, or let the next middleware answer."""
        if request.path_info not in ("/livez", "/readyz"):
            return self.get_response(request)
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if request.path_info == "/livez":
            return _text("ok\n", 200)
        results = readiness.check()
        ready = all(passed for name, passed in results.items() if name in readiness.REQUIRED)
        body = "ok\n" if ready else "not ready\n"
        if "verbose" in request.GET:
            body += "".join(f"{name}: {'ok' if passed else 'failed'}\n" for name, passed in results.items())
        return _text(body, 200 if ready else 503)


def _text(body: str, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
