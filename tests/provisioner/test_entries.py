"""The list of databases."""

from __future__ import annotations

import pytest

from provisioner import InvalidEnvironment, parse_databases
from provisioner.entries import name_key

URL = "postgresql://app:s3cretPW@db.example.com/d"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("entry-syntax", URL),
        ("entry-syntax", "()"),
        ("entry-syntax", f"(a|{URL})(b|{URL})"),
        ("entry-syntax", f"(a|{URL}),,(b|{URL})"),
        ("entry-syntax", f"(a|{URL}|c)"),
        ("name-empty", f"( |{URL})"),
        ("name-chars", f"(../x|{URL})"),
        ("name-chars", f"(a\u202eb|{URL})"),
        ("name-length", f"({'n' * 129}|{URL})"),
        ("name-reserved", f"(Default|{URL})"),
        ("name-duplicate", f"(one|{URL}),(ONE|{URL})"),
        ("name-duplicate", f"(\u00e9|{URL}),(e\u0301|{URL})"),
        ("too-many", ",".join(f"(n{i}|{URL}{i})" for i in range(101))),
        ("unresolved-reference", "${db.DATABASE_URL}"),
        ("unresolved-reference", "(a|${{Postgres.DATABASE_URL}})"),
        ("encoding", f"(a\udcff|{URL})"),
    ],
)
def test_refused(kind: str, value: str) -> None:
    with pytest.raises(InvalidEnvironment) as caught:
        parse_databases(value)
    assert [found.kind for found in caught.value.findings] == [kind]
    assert "s3cretPW" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "names", "warnings"),
    [
        (f"(a|{URL}1),(b|{URL}2)", ["a", "b"], []),
        (f"(a|{URL}1) ,\n (b|{URL}2),\n", ["a", "b"], ["trimmed"]),
        (f"( a |{URL})", ["a"], ["trimmed"]),
        (f'"(a|{URL})"', ["a"], ["quoted"]),
        (f"(a|{URL}),(b|{URL})", ["a", "b"], ["same-target"]),
        (f"({'n' * 128}|{URL})", ["n" * 128], []),
        (f"(Sales & Ops \u2013 \u00e9t\u00e9|{URL})", ["Sales & Ops \u2013 \u00e9t\u00e9"], []),
        ("", [], []),
    ],
)
def test_accepted(value: str, names: list[str], warnings: list[str]) -> None:
    entries = parse_databases(value)
    assert [entry.name for entry in entries] == names
    assert [found.kind for entry in entries for found in entry.url.warnings] == warnings


def test_every_bad_entry_is_told_with_its_place() -> None:
    with pytest.raises(InvalidEnvironment) as caught:
        parse_databases(f"(one|nonsense),(two|{URL}),(three|postgresql://app:pw@/d)")
    assert [(found.kind, found.entry) for found in caught.value.findings] == [
        ("scheme", "entry 1 'one'"),
        ("no-host", "entry 3 'three'"),
    ]


def test_a_torn_password_is_not_shown_as_a_name() -> None:
    with pytest.raises(InvalidEnvironment) as caught:
        parse_databases("(one|postgresql://app:AAAAA),(BBBBB|x@db.example.com/d)")
    assert "BBBBB" not in str(caught.value)
    assert "BBBBB" not in repr(caught.value.findings)


def test_names_are_compared_without_case_and_form() -> None:
    assert name_key("STRASSE") == name_key("stra\u00dfe")
    assert name_key("\u00c9") == name_key("e\u0301")
