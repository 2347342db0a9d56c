"""Who asks: by a token, or by the session with its CSRF token."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from mathesar.api.problems import Problem, not_signed_in
from provisioner.findings import finding

SAFE = ("GET", "HEAD", "OPTIONS")


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def person(request: HttpRequest) -> User:
    """Return who asks; a request with an Authorization header never uses the session.

    Raises:
        Problem: 401 for nobody, 403 for a session without its CSRF token.
    """
    from mathesar.accounts.tokens import authenticate

    header = request.headers.get("Authorization", "")
    if header.strip().lower().partition(" ")[0] == "bearer":  # another scheme may be a proxy's own
        user = authenticate(header)
        if user is None:
            raise not_signed_in()
        return user
    if not isinstance(request.user, User):
        raise not_signed_in()
    if request.method not in SAFE:
        check = _Csrf(lambda _: None)  # type: ignore[arg-type, return-value]
        check.process_request(request)
        if check.process_view(request, lambda _: None, (), {}):  # type: ignore[arg-type]
            raise Problem(403, finding("request-forbidden", "X-CSRFToken"))
    return request.user


def superuser(request: HttpRequest) -> User:
    """Return who asks, a superuser.

    Raises:
        Problem: 401 or 403.
    """
    found = person(request)
    if not found.is_superuser:
        raise Problem(403, finding("request-forbidden", "Authorization"))
    return found
