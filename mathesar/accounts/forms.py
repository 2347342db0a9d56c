"""What people type about people. Django's validators judge every password; its limits hold for names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from provisioner.findings import finding

LONGEST_PASSWORD = 4096  # characters; hashing more only costs time


def judge(password: str, user: User) -> str:
    """Return the password if Django's validators take it for this person.

    Raises:
        ValidationError: with what each validator says.
    """
    validate_password(password, user)
    return password


class PersonForm(forms.Form):
    """Who somebody is; the password may be left out, and is then generated."""

    username = forms.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    email = forms.EmailField(max_length=254, required=False)
    password = forms.CharField(max_length=LONGEST_PASSWORD, strip=False, required=False)
    superuser = forms.BooleanField(required=False)

    def clean_username(self) -> str:
        """Refuse a name that somebody has, in any case of its letters."""
        name = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            taken = finding("person-name-taken", "username")
            raise ValidationError(f"{taken.message} {taken.hint}", code=taken.code)
        return name

    def clean(self) -> dict[str, Any]:
        """Judge the password for this very person."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("password"):
            person = User(username=cleaned.get("username", ""), email=cleaned.get("email", ""))
            try:
                judge(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class FirstPersonForm(PersonForm):
    """The one who claims an install chooses a password."""

    password = forms.CharField(max_length=LONGEST_PASSWORD, strip=False)


class NewPasswordForm(forms.Form):
    """A password for somebody whom the form's maker knows; left out, one is generated where that is allowed."""

    password = forms.CharField(max_length=LONGEST_PASSWORD, strip=False)

    def __init__(self, user: User, *args: Any, generate: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].required = not generate

    def clean_password(self) -> str:
        """Judge the password for this person."""
        password: str = self.cleaned_data["password"]
        return judge(password, self.user) if password else ""


class TokenForm(forms.Form):
    """A new API token: what it is for, and how long it lasts."""

    name = forms.CharField(max_length=100)
    days = forms.TypedChoiceField(
        choices=[("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("", "Never ends")],
        coerce=int,
        empty_value=None,
        required=False,
    )
