"""The first superuser as the environment names it, and the way back in for whoever can run a command here."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from mathesar.boot.console import say
from mathesar.boot.messages import BootError, failure
from provisioner.findings import finding
from provisioner.planning import Plan
from provisioner.secret import Secret

if TYPE_CHECKING:
    from django.contrib.auth.models import User

USERNAME = "MATHESAR_ADMIN_USERNAME"
EMAIL = "MATHESAR_ADMIN_EMAIL"
PASSWORD = "MATHESAR_ADMIN_PASSWORD"  # noqa: S105 - a variable's name
TRIES = 3  # times a new password is asked for


def is_admin_missing(plan: Plan) -> bool:
    """Tell whether the environment names a superuser and there is none at all; one query, or none."""
    if plan.admin is None:
        return False
    from django.contrib.auth.models import User

    return not User.objects.filter(is_superuser=True).exists()


def ensure_admin(plan: Plan) -> bool:
    """Make the superuser that the environment names, unless there is one already; tell whether it was made.

    Call it under the start-up lock. Whoever claims the install on the setup page at the same time is waited for.
    Nobody who is there is changed.

    Raises:
        BootError: the name is somebody else's, or a validator of Django's refuses name, address or password.
    """
    if plan.admin is None or not is_admin_missing(plan):
        return False
    from django.contrib.auth.hashers import make_password

    from mathesar.setup.claim import AlreadyClaimed, claim

    _judge(plan)
    admin = plan.admin
    try:
        claim(admin.username, admin.email, make_password(admin.password.get_secret_value()), again=True)
    except AlreadyClaimed:
        return False
    say(f"Made the superuser {admin.username!r} of {USERNAME}. Remove {PASSWORD} once you have signed in.")
    return True


def _judge(plan: Plan) -> None:
    """Hold name, address and password to the rules; a refusal names the rule."""
    from django.contrib.auth.models import User
    from django.core.exceptions import ValidationError

    if plan.admin is None:
        return
    person = User(username=plan.admin.username, email=plan.admin.email)
    for field, variable in (("username", USERNAME), ("email", EMAIL)):
        try:
            person._meta.get_field(field).clean(getattr(person, field), person)
        except ValidationError as error:
            raise failure("admin-invalid", variable, platform=plan.platform, reason=" ".join(error.messages)) from None
    if User.objects.filter(username__iexact=plan.admin.username).exists():
        raise failure("admin-name-taken", USERNAME, platform=plan.platform)
    refusals = _refusals(plan.admin.password, person)
    if refusals:
        kind = "admin-password-refused"
        raise BootError(
            *(finding(kind, PASSWORD, platform=plan.platform, rule=rule, reason=reason) for rule, reason in refusals)
        )


def _refusals(password: Secret, person: User) -> list[tuple[str, str]]:
    """Return (validator's name, its sentence) for each one that refuses; the sentences never hold the password."""
    from django.contrib.auth.password_validation import get_default_password_validators
    from django.core.exceptions import ValidationError

    found = []
    for validator in get_default_password_validators():
        try:
            validator.validate(password.get_secret_value(), person)
        except ValidationError as error:
            found.append((type(validator).__name__, " ".join(error.messages)))
    return found


def reset_admin(username: str | None, *, interactive: bool) -> None:
    """Run `mathesar reset-admin`: a new password for a superuser, who is made or made one again if need be.

    The password is asked for twice; without `interactive` it is that of the variables MATHESAR_ADMIN_*.
    """
    from mathesar.boot.commands import fail, opened_install

    plan = opened_install()
    from django.contrib.auth.models import User

    from mathesar.accounts.people import restore
    from mathesar.boot.prepare import release_connections
    from mathesar.boot.start import INTERRUPTED

    try:
        name = username or _only_name(plan)
        if name is None:
            fail("There is not exactly one superuser: say whom, as in mathesar reset-admin USERNAME")
        if interactive and not sys.stdin.isatty():
            fail(f"This is no terminal: set {USERNAME} and {PASSWORD}, and add --noinput.")
        person = User.objects.filter(username=name).first() or User(username=name)
        password = _ask(person) if interactive else (plan.admin.password if plan.admin else None)
        if password is None:
            fail("No password was taken; nothing is changed." if interactive else f"Set {USERNAME} and {PASSWORD}.")
        refusals = _refusals(password, person)
        if refusals:
            fail("\n".join(f"{rule}: {reason}" for rule, reason in refusals))
        _, made = restore(name, password)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        release_connections()
    done = "is made, a superuser" if made else "is an active superuser with the new password; their sessions ended"
    say(f"{name!r} {done}. API tokens of theirs are revoked.")


def _only_name(plan: Plan) -> str | None:
    from django.contrib.auth.models import User

    if plan.admin is not None:
        return plan.admin.username
    names = list(User.objects.filter(is_superuser=True).values_list("username", flat=True)[:2])
    return names[0] if len(names) == 1 else None


def _ask(person: User) -> Secret | None:
    """Ask for a new password, twice and unseen; None when it was not given."""
    for _ in range(TRIES):
        try:
            first = Secret(getpass.getpass(f"New password for {person.username}: "))
            second = Secret(getpass.getpass("The same again: "))
        except EOFError:
            return None
        refusals = _refusals(first, person) if first == second else [("", "The two are not the same.")]
        if first and not refusals:
            return first
        for _, reason in refusals:
            say(reason)
    return None
