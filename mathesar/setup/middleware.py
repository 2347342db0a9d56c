"""Until somebody has claimed the install every page leads to /setup; afterwards /setup is not there."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from mathesar import current
from mathesar.setup.claim import is_claimed

API = "/api/"  # answers the same before and after


class SetupMiddleware:
    """Stands last, behind the check of the host and the headers, and still answers before any view's own checks.

    Those of CSRF and of signing in run once a view is chosen: a POST to a claimed /setup gets 404, not 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.claimed = False  # once true it stays so: a claimed install never becomes unclaimed

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on, lead to /setup, or say that there is none.

        Raises:
            Http404: /setup was asked for, and the install is claimed.
        """
        path = request.path_info
        at_setup = path == reverse("setup")
        if not self.claimed and not _is_always_open(path):
            self.claimed = is_claimed()
        if at_setup and self.claimed:
            raise Http404
        if self.claimed or at_setup or _is_always_open(path):
            return self.get_response(request)
        return redirect("setup")


def _is_always_open(path: str) -> bool:
    if path.startswith((API, settings.STATIC_URL)):
        return True
    return current.get_plan().own_machine and path.startswith("/open/")
