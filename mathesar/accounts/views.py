"""Signing in, signing out, and the link of a person's own machine."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from mathesar import current
from mathesar.accounts import known_browser, local_link, throttle


class SignIn(LoginView):
    """The sign-in page, throttled; the session's key changes with every sign-in."""

    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the name and password, unless this visitor has to wait."""
        name = request.POST.get("username", "").strip()[:150]
        keys = self._keys(request, name)
        try:
            throttle.count_attempt(keys)
            with throttle.hash_slot():
                response = super().post(request, *args, **kwargs)
        except throttle.TooSoon as wait:
            return self._refuse(429, f"Too many attempts. Try again in {wait.seconds} s.", wait.seconds)
        except throttle.Busy:
            return self._refuse(503, "Many people are signing in at this moment. Try again in a few seconds.", 5)
        if request.user.is_authenticated:
            throttle.forget(keys)
            known_browser.remember(response, request.user.get_username())
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the machine's owner, who has no password yet, is the only one who could sign in."""
        only_link = current.get_plan().own_machine and not local_link.somebody_has_a_password()
        return {**super().get_context_data(**kwargs), "only_link": only_link}

    def _keys(self, request: HttpRequest, name: str) -> dict[str, int]:
        """Return what this attempt counts for, each with the failures that are free."""
        browser = known_browser.recognise(request, name)
        if browser:
            return {throttle.key_of("browser", browser): throttle.FREE_FAILURES}
        network = throttle.client_network(request)
        return {
            throttle.key_of("user", name.casefold()): throttle.FREE_FAILURES,
            throttle.key_of("network", network): throttle.FREE_FAILURES_OF_NETWORK,
        }

    def _refuse(self, status: int, message: str, retry_after: int) -> HttpResponse:
        context = self.get_context_data(form=AuthenticationForm(self.request), refusal=message)
        response = self.render_to_response(context, status=status)
        response.headers["Retry-After"] = str(retry_after)
        return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseRedirect:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@login_not_required
@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponseRedirect:
    """Sign the machine's owner in; any other link, and any platform, gets 404."""
    if not local_link.is_valid(token):
        raise Http404
    if not request.user.is_authenticated:
        login(request, local_link.owner(), backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")
