"""Making and revoking one's own API tokens, on the account page."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mathesar.accounts import tokens
from mathesar.accounts.account_views import page
from mathesar.accounts.forms import TokenForm
from mathesar.accounts.signed_in import person_of
from provisioner.findings import finding


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once: it is in this answer alone."""
    if request.method != "POST":
        return redirect("account")
    form = TokenForm(request.POST)
    if not form.is_valid():
        return page(request, token_form=form, status=400)
    days = form.cleaned_data["days"]
    expires_at = timezone.now() + timedelta(days=days) if days else None
    try:
        row, text = tokens.create(person_of(request), form.cleaned_data["name"], expires_at)
    except tokens.TooMany:
        problem = finding("token-too-many", "name", most=str(tokens.MOST))
        return page(request, token_form=form, token_problem=problem, status=400)
    return page(request, made=row, made_text=text.get_secret_value())


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Delete a token; one that is gone already is no fault."""
    tokens.revoke(person_of(request), token_id)
    return redirect("account")
