"""The table of what can go wrong at start-up."""

from __future__ import annotations

import string

import pytest

from mathesar.boot.messages import RULES, BootError, failure, finding
from provisioner.catalogue import RULES as OTHERS
from provisioner.catalogue.rule import Rule

DETAILS = {"seconds", "reason", "database", "user", "port", "address", "variable"}


def test_codes_and_kinds_are_unique_among_all() -> None:
    own = [(rule.code, rule.kind) for rule in RULES]
    others = [(rule.code, rule.kind) for rule in OTHERS if rule not in RULES]
    for column in (0, 1):
        values = [row[column] for row in own + others]
        assert len(values) == len(set(values))
    assert all(code.startswith("MP5") for code, _ in own)


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
