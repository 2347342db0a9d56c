"""A signed cookie that tells: this browser signed in as this user before.

The throttle counts such a browser for itself, so a stranger who guesses cannot make its owner wait.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}browser"
SALT = "mathesar.accounts.known_browser"
AGE = 180 * 24 * 3600


def recognise(request: HttpRequest, user_name: str) -> str | None:
    """Return the browser's own identifier when it signed in as this user before, else None."""
    try:
        identifier, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(identifier) if name == user_name else None


def remember(response: HttpResponse, user_name: str) -> None:
    """Give the browser its cookie after signing in."""
    value = signing.dumps([secrets.token_urlsafe(12), user_name], salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
