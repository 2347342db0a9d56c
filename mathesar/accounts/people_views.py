"""The people of an install, for its superusers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mathesar.accounts import people as service
from mathesar.accounts import throttle
from mathesar.accounts.forms import NewPasswordForm, PersonForm
from mathesar.accounts.signed_in import for_superusers, person_of
from provisioner.findings import Finding, finding
from provisioner.secret import Secret


@require_GET
@for_superusers
def people(request: HttpRequest) -> HttpResponse:
    """List everybody."""
    return _list(request)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_superusers
def add(request: HttpRequest) -> HttpResponse:
    """Make a person; a password that was generated is shown in this answer alone."""
    if request.method != "POST":
        return _form(request, PersonForm())
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=400)
    typed = form.cleaned_data["password"]
    password = Secret(typed) if typed else service.generate_password()
    try:
        with throttle.hash_slot():
            person = service.add(
                person_of(request), form.cleaned_data["username"], form.cleaned_data["email"], password,
                superuser=form.cleaned_data["superuser"],
            )  # fmt: skip
    except service.PeopleError as error:
        return _form(request, form, problem=error.finding, status=409)
    except throttle.Busy:
        return _form(request, form, problem=finding("server-busy", "password"), status=503)
    if typed:
        return redirect("people")
    return _shown_once(request, person, password, new=True)


@require_POST
@for_superusers
def set_active(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody sign in again, or no longer."""
    try:
        service.set_active(person_of(request), person_id, active=request.POST.get("active") == "yes")
    except service.PeopleError as error:
        return _list(request, problem=error.finding, status=409)
    except User.DoesNotExist:
        raise Http404 from None
    return redirect("people")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_superusers
def reset_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give somebody another password, typed or generated."""
    person = get_object_or_404(User, pk=person_id)
    if request.method != "POST":
        return _reset(request, person, NewPasswordForm(person, generate=True))
    form = NewPasswordForm(person, request.POST, generate=True)
    if not form.is_valid():
        return _reset(request, person, form, status=400)
    typed = form.cleaned_data["password"]
    password = Secret(typed) if typed else service.generate_password()
    try:
        with throttle.hash_slot():
            person = service.reset_password(person_of(request), person_id, password)
    except service.PeopleError as error:
        return _reset(request, person, form, problem=error.finding, status=409)
    except throttle.Busy:
        return _reset(request, person, form, problem=finding("server-busy", "password"), status=503)
    except User.DoesNotExist:
        raise Http404 from None
    if typed:
        return redirect("people")
    return _shown_once(request, person, password, new=False)


def _list(request: HttpRequest, *, problem: Finding | None = None, status: int = 200) -> HttpResponse:
    everybody = User.objects.order_by("-is_active", "username")
    return render(request, "people/people.html", {"people": everybody, "problem": problem}, status=status)


def _form(request: HttpRequest, form: PersonForm, *, problem: Finding | None = None, status: int = 200) -> HttpResponse:
    return render(request, "people/add.html", {"form": form, "problem": problem}, status=status)


def _reset(
    request: HttpRequest, person: User, form: NewPasswordForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "people/password.html", {"form": form, "person": person, **more}, status=status)


def _shown_once(request: HttpRequest, person: User, password: Secret, *, new: bool) -> HttpResponse:
    context = {"person": person, "password": password.get_secret_value(), "new": new}
    return render(request, "people/shown_once.html", context)
