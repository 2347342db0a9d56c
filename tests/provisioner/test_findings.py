"""The table of messages, and the errors that carry them."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from provisioner.catalogue import RULES, Rule
from provisioner.findings import Finding, InvalidEnvironment, ProvisionerError, finding, has_errors, rule

PLATFORMS = ("render", "railway", "digitalocean", "heroku")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_codes_and_kinds_are_unique_and_well_formed() -> None:
    codes = [each.code for each in RULES]
    kinds = [each.kind for each in RULES]
    assert len(set(codes)) == len(codes)
    assert len(set(kinds)) == len(kinds)
    assert all(re.fullmatch(r"MP\d{3}", code) for code in codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind) for kind in kinds)


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.code)
def test_every_row_makes_a_readable_finding(row: Rule) -> None:
    details = {name: "detail" for text in (row.message, row.fix, *row.on.values()) for name in fields(text)}
    details.pop("variable", None)
    for platform in (None, *PLATFORMS):
        found = finding(row.kind, "SOME_NAME", platform=platform, **details)
        assert (found.code, found.kind, found.severity) == (row.code, row.kind, row.severity)
        for text in (found.message, found.hint):
            assert text == text.strip()
            assert text.endswith((".", "?", ":", "…")) or " " in text
    assert row.meaning


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.code)
def test_a_row_is_found_by_code_and_kind(row: Rule) -> None:
    assert rule(row.code) is row
    assert rule(row.kind) is row


def test_an_unknown_row() -> None:
    with pytest.raises(KeyError):
        rule("MP000")


def test_invalid_environment_says_one_line_a_finding() -> None:
    findings = (finding("scheme", "DATABASE_URL"), finding("no-host", "OTHER_URL", entry="entry 2 'two'"))
    error = InvalidEnvironment(findings)
    assert isinstance(error, ProvisionerError)
    assert error.findings == findings
    lines = str(error).splitlines()
    assert [line.split(":")[0].split()[1] for line in lines] == ["DATABASE_URL", "OTHER_URL"]
    assert "entry 2 'two'" in lines[1]


def test_warnings_alone_are_no_error() -> None:
    assert not has_errors([finding("trimmed", "X")])
    assert has_errors([finding("trimmed", "X"), finding("scheme", "X")])


def test_findings_are_values() -> None:
    assert finding("scheme", "X") == finding("scheme", "X")
    assert isinstance(hash(finding("scheme", "X")), int)
    assert isinstance(finding("scheme", "X"), Finding)
