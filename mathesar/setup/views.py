"""The page that makes the first person. The middleware answers 404 in its place once the install is claimed.

It reads the code, one form and our own tables; it never connects to anything that a request names.
"""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mathesar import current
from mathesar.accounts import known_browser, throttle
from mathesar.accounts.forms import FirstPersonForm
from mathesar.boot.console import say
from mathesar.setup import claim, code, wrong_codes
from mathesar.setup.where import place
from provisioner.findings import Finding, finding

BACKEND = "django.contrib.auth.backends.ModelBackend"
BUSY_SECONDS = 5


@sensitive_post_parameters("code", "password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Show the form, or make the first superuser of it and sign them in."""
    plan = current.get_plan()
    if plan.own_machine:
        return render(request, "setup/terminal.html", status=403 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, FirstPersonForm())
    typed = request.POST.get("code", "")[:200]
    try:
        right = wrong_codes.check(
            lambda: code.is_right(plan, claim.installation().install_id, typed), guessable=code.is_guessable(plan)
        )
    except wrong_codes.Limited as limited:
        return _refuse(request, 429, finding("setup-throttled", "code", seconds=str(limited.seconds)), limited.seconds)
    if not right:
        return _refuse(request, 403, finding("setup-code-wrong", "code"))
    form = FirstPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        user = _claim(form)
    except throttle.Busy:
        return _refuse(request, 503, finding("server-busy", "password"), BUSY_SECONDS)
    except claim.AlreadyClaimed:
        return render(request, "setup/claimed.html", {"problem": finding("setup-claimed", "code")}, status=409)
    request.session.flush()  # nothing of a session from before is taken along
    login(request, user, backend=BACKEND)
    say(f"Setup is complete: {user.username!r} claimed this install at {timezone.now().isoformat('T', 'seconds')}.")
    response = redirect("home")
    known_browser.remember(response, user.get_username())
    return response


def _claim(form: FirstPersonForm) -> User:
    with throttle.hash_slot():
        if claim.is_claimed():  # whoever waited for the slot need not hash any more
            raise claim.AlreadyClaimed
        hashed = make_password(form.cleaned_data["password"])
    return claim.claim(form.cleaned_data["username"], form.cleaned_data["email"], hashed)


def _refuse(request: HttpRequest, status: int, problem: Finding, retry_after: int | None = None) -> HttpResponse:
    """Show the form again as it was typed, but for the secrets, which are not looked at."""
    form = FirstPersonForm(initial={name: request.POST.get(name, "")[:254] for name in ("username", "email")})
    response = _page(request, form, problem=problem, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(
    request: HttpRequest, form: FirstPersonForm, *, problem: Finding | None = None, status: int = 200
) -> HttpResponse:
    """Show the form. Neither code nor password is ever sent back; setup.js keeps the code in the browser's tab."""
    plan = current.get_plan()
    context = {
        "form": form,
        "problem": problem,
        "place": place(plan),
        "platform": plan.platform_label if plan.platform else "",
    }
    return render(request, "setup/setup.html", context, status=status)
