"""No secret in anything that is told: what a rehearsal knows to be secret is replaced wherever it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from provisioner.secret_names import bears_secret

from .timeline import Step
from .wanted import Given
from .witness import PERSON

if TYPE_CHECKING:
    from .session import Session

HIDDEN = "[hidden]"
SHORTEST = 4  # a yes, a 1 or an "eu" is no secret, and hiding it would garble every line
_IN_URL = re.compile(r"(://?[^\s:/@|,]*:)([^\s@/]+)(?=@)")
_SETUP = re.compile(r"(Setup code: )\S+")
_NAMED_SECRET = re.compile(r"SECRET|PASSWORD|PASSWD|TOKEN|KEY|CREDENTIAL")
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def masked(text: str, secrets: Iterable[str]) -> str:
    """Return the text without these values, in clear, as a part of a URL or as a JSON string.

    Passwords in URLs and setup codes go too, whoever made them.
    """
    for form in sorted(_forms(secrets), key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return _SETUP.sub(rf"\1{HIDDEN}", _IN_URL.sub(rf"\1{HIDDEN}", text))


def _forms(secrets: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for secret in secrets:
        for value in {secret, *secret.splitlines()}:
            found |= {value, quote(value, safe=""), quote(value), quote_plus(value), json.dumps(value)[1:-1]}
            found.add(repr(value)[1:-1])
    return {form for form in found if len(form) >= SHORTEST}


def harmless(text: str) -> str:
    """Return an app's line without what would steer the terminal that shows it."""
    return _CONTROL.sub(" ", _COLOUR.sub("", text.replace("\t", "    ").replace("\n", " "))).rstrip()


class Secrets:
    """What is secret in one rehearsal; it grows, since passwords are rotated and further databases made."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.session: Session | None = None
        self._known = {*answers.values(), PERSON["password"]}

    def mask(self, step: Step) -> None:
        """Take every secret out of the step."""
        self._gather()
        step.detail = self.text(step.detail)
        step.log = [self.text(line) for line in step.log]
        step.findings = [
            replace(
                item,
                variable=self.text(item.variable),
                entry=self.text(item.entry) if item.entry is not None else None,
                message=self.text(item.message),
                hint="\n".join(map(self.text, item.hint.splitlines())),
            )
            for item in step.findings
        ]

    def text(self, words: str) -> str:
        """Return the words without the secrets that are known so far."""
        return harmless(masked(words, self._known))

    def _gather(self) -> None:
        session = self.session
        if session is None:
            return
        self._known |= set(session.generated.values())
        role = getattr(session, "role", None)
        if role is not None:
            self._known.add(role.password)
        given = {name: origin.value for name, origin in session.wanted.envs.items() if isinstance(origin, Given)}
        for name, value in {**given, **session.changed}.items():
            if not value:
                continue
            self._known |= {found[2] for found in _IN_URL.finditer(value)}
            if len(value) >= 8 and (bears_secret(name, value) or _NAMED_SECRET.search(name.upper())):
                self._known.add(value)
