"""Who is signed in, as the type that pages use; and pages for superusers alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


def person_of(request: HttpRequest) -> User:
    """Return who is signed in.

    Raises:
        PermissionDenied: nobody is (the middleware lets nobody in without signing in).
    """
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def for_superusers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 403 to everybody who is no superuser."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not person_of(request).is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
