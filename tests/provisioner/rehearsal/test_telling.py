"""Which lines of a log are told, and which findings stand in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provisioner.catalogue import RULES
from provisioner.rehearsal.telling import MOST, findings_in, telling


def test_what_went_wrong_is_told_alone():
    lines = ["starting", "Error: no", "listening", "could not connect", "MP101 is a code", "Traceback (most recent"]
    assert telling(lines) == ["Error: no", "could not connect", "MP101 is a code", "Traceback (most recent"]


def test_else_the_last_lines():
    assert telling(["one", "two"]) == ["one", "two"]
    assert telling([str(number) for number in range(100)]) == [str(number) for number in range(100 - MOST, 100)]
    assert telling([]) == []


@given(st.lists(st.text(max_size=30), max_size=40))
def test_no_more_than_the_most_and_in_their_order(lines):
    told = telling(lines)
    assert len(told) <= MOST
    rest = iter(lines)
    assert all(line in rest for line in told)
    assert bool(told) == bool(lines)


def test_our_codes_become_findings_once_with_their_variable():
    lines = ["MP101 DATABASE_URL is not a URL", "again MP101 SECRET_KEY", "MP972", "MP000 X_Y", "xMP971", "MP9711"]
    found = findings_in(lines)
    assert [item.code for item in found] == ["MP101", "MP972"]
    assert found[0].variable == "DATABASE_URL"
    assert found[1].variable == "the environment"


def test_every_code_of_every_catalogue_can_be_told():
    """What a message needs besides the variable is not known from a log's line."""
    for rule in RULES:
        (found,) = findings_in([f"{rule.code} in PORT"])
        assert found.code == rule.code
        assert "{" not in found.message.replace("{{", "")


@given(st.lists(st.text(max_size=40), max_size=10))
def test_a_log_is_never_too_strange(lines):
    findings_in(lines)
