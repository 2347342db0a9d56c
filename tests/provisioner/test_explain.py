"""Every code, and every variable of ours that anything reads, can be explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from provisioner.catalogue import RULES
from provisioner.explain import Unknown, explain
from provisioner.other_variables import OTHER_VARIABLES
from provisioner.variables import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""environ(?:\.get|\.pop)?[\[(]["']((?:APP|MATHESAR)_[A-Z_]+)["']""")
NAMED = re.compile(r"""^(?:VARIABLE|[A-Z_]*URL|[A-Z_]*NAME) = ["'](MATHESAR_[A-Z_]+)["']""", re.MULTILINE)


def read_somewhere() -> set[str]:
    rooms = ("mathesar", "provisioner", "platforms")
    texts = [file.read_text() for room in rooms for file in (ROOT / room).rglob("*.py")]
    return {name for text in texts for form in (READ, NAMED) for name in form.findall(text)}


def test_whatever_is_read_can_be_explained():
    names = read_somewhere()
    assert {"APP_PLATFORM", "APP_URL", "MATHESAR_BACKUP_PASSPHRASE", "MATHESAR_UPDATE_URL"} <= names
    for name in sorted(names):
        assert explain(name).startswith(name)


def test_every_code_can_be_explained():
    for row in RULES:
        page = explain(row.code)
        assert page.startswith(f"{row.code}  {row.kind}  ({row.severity})")
        assert max(map(len, page.splitlines())) <= 80, row.code


@pytest.mark.parametrize("variable", OTHER_VARIABLES, ids=lambda variable: variable.name)
def test_what_one_command_reads_says_so(variable):
    page = explain(variable.name.lower())
    assert "Read by  " in page
    assert "_FILE" not in page
    assert max(map(len, page.splitlines())) <= 80


def test_no_variable_stands_in_both_tables():
    assert not {row.name for row in OTHER_VARIABLES} & {row.name for row in VARIABLES}


def test_a_near_name_is_suggested_from_both():
    with pytest.raises(Unknown) as caught:
        explain("MATHESAR_BACKUP_PASSPHRAS")
    assert caught.value.suggestions[0] == "MATHESAR_BACKUP_PASSPHRASE"
