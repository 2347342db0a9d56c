"""The JSON API, imported at its first request: what it is made with would cost every start a tenth of a second."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, re_path
from django.urls.resolvers import RegexPattern
from django.views.decorators.csrf import csrf_exempt


@login_not_required
@csrf_exempt
def serve(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer one request; signing in and CSRF are the API's own matter, so that it answers in its own form."""
    from mathesar.api import problems
    from mathesar.api.api import api

    # without ninja's own root path, which raises Django's 404 and so its page
    resolver = URLResolver(RegexPattern(r"^"), [each for each in api.urls[0] if each.name != "api-root"])
    try:
        match = resolver.resolve(rest)
    except Resolver404:
        return problems.respond(request, problems.unknown_path())
    answer: Any = match.func(request, *match.args, **match.kwargs)
    return problems.in_form(request, answer)


@login_not_required
@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer for every other path under /api/."""
    from mathesar.api import problems

    return problems.respond(request, problems.unknown_path())


urlpatterns = [
    re_path(r"^v1/(?P<rest>[\s\S]*)$", serve, name="api"),  # a path may hold a line feed, too
    re_path(r"^[\s\S]*$", nowhere),
]
