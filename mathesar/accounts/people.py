"""Who may use Mathesar. Every change of who is a superuser happens under one lock, the install's row.

PeopleError             cannot be done; carries the finding that says why
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from mathesar.accounts import tokens
from mathesar.accounts.throttle import forget, key_of
from mathesar.setup.models import Installation
from provisioner.findings import Finding, finding
from provisioner.secret import Secret


class PeopleError(Exception):
    """It cannot be done; `finding` says why."""

    def __init__(self, kind: str, field: str) -> None:
        self.finding: Finding = finding(kind, field)
        super().__init__(str(self.finding))


def generate_password() -> Secret:
    """Return a password of 100 random bits that can be read aloud: four groups of five characters."""
    text = base64.b32encode(secrets.token_bytes(13)).decode().lower()[:20]
    return Secret("-".join(text[at : at + 5] for at in range(0, 20, 5)))


def add(actor: User, username: str, email: str, password: Secret, *, superuser: bool) -> User:
    """Make a person.

    Raises:
        PeopleError: the name is taken, or the actor is no active superuser any more.
    """
    hashed = make_password(password.get_secret_value())
    try:
        with _acting(actor):
            if User.objects.filter(username__iexact=username).exists():
                raise PeopleError("person-name-taken", "username")
            return User.objects.create(
                username=username, email=email, password=hashed, is_superuser=superuser, is_staff=superuser
            )
    except IntegrityError:
        raise PeopleError("person-name-taken", "username") from None


def set_active(actor: User, person_id: int, *, active: bool) -> User:
    """Let somebody sign in, or no longer; their sessions and tokens stop working with it.

    Raises:
        PeopleError: it is the actor, or the last active superuser, or the actor is no active superuser any more.
        User.DoesNotExist: there is no such person.
    """
    with _acting(actor):
        person = User.objects.get(pk=person_id)
        if person.pk == actor.pk:
            raise PeopleError("person-oneself", "person")
        if not active:
            _refuse_last(person)
        person.is_active = active
        person.save(update_fields=["is_active"])
        return person


def reset_password(actor: User, person_id: int, password: Secret) -> User:
    """Give somebody else another password; all their sessions end.

    Raises:
        PeopleError: it is the actor, or the actor is no active superuser any more.
        User.DoesNotExist: there is no such person.
    """
    hashed = make_password(password.get_secret_value())
    with _acting(actor):
        person = User.objects.get(pk=person_id)
        if person.pk == actor.pk:
            raise PeopleError("person-oneself", "person")
        person.password = hashed
        person.save(update_fields=["password"])
    forget([key_of("user", person.username.casefold())])
    return person


def restore(username: str, password: Secret) -> tuple[User, bool]:
    """Make this person an active superuser with this password, creating them if need be: the way back in.

    Return the person and whether they were made. All their sessions end (they are bound to the password), their
    tokens go, and they need not wait before signing in.
    """
    hashed = make_password(password.get_secret_value())
    with _locked():
        person = User.objects.filter(username=username).first()
        made = person is None
        if person is None:
            person = User(username=username)
        person.password = hashed
        person.is_active = person.is_superuser = person.is_staff = True
        person.save()
        tokens.revoke_all(person)
    forget([key_of("user", username.casefold())])
    return person, made


def _refuse_last(person: User) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise PeopleError("person-last-superuser", "person")


@contextmanager
def _acting(actor: User) -> Iterator[None]:
    """Hold the lock for a superuser, who must still be one now."""
    with _locked():
        if not User.objects.filter(pk=actor.pk, is_active=True, is_superuser=True).exists():
            raise PeopleError("person-not-allowed", "person")
        yield


@contextmanager
def _locked() -> Iterator[None]:
    with transaction.atomic():
        Installation.objects.get_or_create(id=1)
        Installation.objects.select_for_update().get(id=1)
        yield
