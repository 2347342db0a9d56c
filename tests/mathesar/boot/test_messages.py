"""The table of what can go wrong at start-up."""

from __future__ import annotations

import string

import pytest

from mathesar.boot.messages import BootError, failure
from provisioner.catalogue.rule import Rule
from provisioner.catalogue.starting import RULES
from provisioner.findings import finding

DETAILS = {"seconds", "reason", "database", "user", "port", "address", "variable"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_sentences_use_known_words(rule: Rule) -> None:
    for text in (rule.message, rule.fix, *rule.on.values()):
        fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert fields <= DETAILS
    made = finding(rule.kind, "DATABASE_URL", **dict.fromkeys(DETAILS - {"variable"}, "x"))
    assert made.code == rule.code
    assert "{" not in made.message + made.hint


def test_platforms_own_words() -> None:
    plain = failure("internal-refused", "DATABASE_URL", seconds="1")
    own = failure("internal-refused", "DATABASE_URL", platform="digitalocean", seconds="1")
    assert isinstance(own, BootError)
    assert "trusted sources" in own.findings[0].hint
    assert own.findings[0].message == plain.findings[0].message
