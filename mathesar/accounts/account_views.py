"""One's own account: the password, and the tokens for programs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mathesar.accounts import known_browser, throttle
from mathesar.accounts.forms import NewPasswordForm, TokenForm
from mathesar.accounts.signed_in import person_of
from provisioner.findings import Finding, finding

BUSY_SECONDS = 5


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show who one is, the form for the password, and the tokens."""
    return page(request)


@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: other sessions end, this one goes on under a new key."""
    if request.method != "POST":
        return redirect("account")
    user = person_of(request)
    form = NewPasswordForm(user, request.POST)
    keys = {throttle.key_of("password", str(user.pk)): throttle.FREE_FAILURES}
    try:
        with throttle.hash_slot():
            if user.has_usable_password():  # the owner of an own machine may have none yet
                throttle.count_attempt(keys)
                if not user.check_password(request.POST.get("current", "")[:4096]):
                    return page(request, password_form=form, problem=finding("password-wrong", "current"), status=400)
                throttle.forget(keys)
            if not form.is_valid():
                return page(request, password_form=form, status=400)
            user.set_password(form.cleaned_data["password"])
    except throttle.TooSoon as wait:
        problem = finding("password-throttled", "current", seconds=str(wait.seconds))
        return _wait(page(request, problem=problem, status=429), wait.seconds)
    except throttle.Busy:
        return _wait(page(request, problem=finding("server-busy", "current"), status=503), BUSY_SECONDS)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    response = redirect("account")
    known_browser.remember(response, user.get_username())
    request.session["password_changed"] = True
    return response


def page(
    request: HttpRequest, *, password_form: NewPasswordForm | None = None, problem: Finding | None = None,
    status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    """Show the account page; what a form found is shown beside it, and no password is ever sent back."""
    user: User = person_of(request)
    context = {
        "password_form": password_form,
        "problem": problem,
        "asks_current": user.has_usable_password(),
        "tokens": user.api_tokens.all(),  # type: ignore[attr-defined]
        "token_form": TokenForm(),
        "changed": request.method == "GET" and request.session.pop("password_changed", False),
        **more,
    }
    return render(request, "account/account.html", context, status=status)


def _wait(response: HttpResponse, seconds: int) -> HttpResponse:
    response.headers["Retry-After"] = str(seconds)
    return response
