"""What strangers wrote is told as words, and what is secret in their manifests is known by its name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.findings import finding
from provisioner.rehearsal.masking import HIDDEN, Secrets
from provisioner.rehearsal.report_text import failures
from provisioner.rehearsal.staying import Staying
from provisioner.rehearsal.wanted import Given, Wanted
from provisioner.rehearsal.witness import PERSON
from tests.provisioner.rehearsal.test_reports import a_failure, a_step, an_outcome

STEERING = "\x1b]0;mine\x07\x1b[2J\u202e"


def test_nothing_of_a_finding_steers_the_terminal():
    step = a_failure()
    item = finding("health-refused", f"health{STEERING}", said=f"no{STEERING}")
    step.findings = [replace(item, hint=f"One line.{STEERING}\nThe planted-secret.\x07", entry=f"entry 1{STEERING}")]
    Secrets({"TOKEN": "planted-secret"}).mask(step)
    (shown,) = step.findings
    assert (shown.variable, shown.entry) == ("health", "entry 1")
    assert shown.hint == f"One line.\nThe {HIDDEN}."
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", failures(an_outcome(step)))


SECRET_NAMES = ["SMTP_PASS", "DB_PASS", "api_token", "SENTRY_DSN", "PASSPHRASE", "SESSION_SECRET", "fernet_keys"]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_secret_of_the_manifest_is_known_by_its_name(name: str):
    secrets = Secrets({})
    secrets.session = SimpleNamespace(  # type: ignore[assignment]
        generated={}, changed={}, wanted=Wanted("app", {name: Given("planted-secret"), "GREETING": Given("good day")})
    )
    step = a_step("start", detail="planted-secret, good day")
    secrets.mask(step)
    assert step.detail == f"{HIDDEN}, good day"


def test_the_password_of_the_first_sign_in_is_nobodys_to_know():
    step = a_step("first sign-in", detail=f"with {PERSON['password']}")
    Secrets({}).mask(step)
    assert step.detail == f"with {HIDDEN}"
    assert len(PERSON["password"]) >= 20


def test_how_to_sign_in_names_a_file_that_its_owner_reads(tmp_path: Path):
    place: Any = SimpleNamespace(
        host="h", edge=SimpleNamespace(port=1), edge_certificate="c", keeper=SimpleNamespace(folder=tmp_path)
    )
    text = "\n".join(Staying(print, foreign=False, claimed=True).words(place))
    file = tmp_path / "sign-in-password"
    assert f"Sign in as {PERSON['username']}" in text
    assert f"cat {file}" in text
    assert PERSON["password"] not in text
    assert file.read_text() == f"{PERSON['password']}\n"
    assert file.stat().st_mode & 0o777 == 0o600
