"""A written file means the same to Docker Compose, systemd, sh and this project; where it cannot, that is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from provisioner.importing import writing
from provisioner.importing.conversion import writable
from provisioner.importing.outcome import Old, Read
from provisioner.importing.quoting import quoted, read_alike
from provisioner.secret import Secret
from tests.provisioner.importing import importing, other_readers

PIECES = st.sampled_from(["a", "Z", " ", "\\", "'", '"', "$", "$$", "${A}", "`", "#", "\n", "\t", "=", "n", "é", "!"])
VALUES = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(writable),
)


def rendered(values: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the file that an import of these writes, and its findings."""
    read = Read(tuple(Old(name, Secret(value), ".env:1") for name, value in values.items()))
    imported = importing.convert_read(read)
    assert importing.values(imported) == values
    return writing.render(imported, "env"), [(each.code, each.variable) for each in imported.findings]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES.filter(str.strip), min_size=1, max_size=12))
@example(values=["s3cret pass\\", "it's", "it's \\", "a\\'b", "\\\n'", "x\\\ny", "`id` \\ x", "$(id)", "#x", "'#'"])
def test_every_reader_takes_the_same(values: list[str], tmp_path: Path) -> None:
    named = {f"X_{number}": value for number, value in enumerate(values)}
    alike = {name: value for name, value in named.items() if read_alike(name, value)}
    text = "".join(f"{name}={quoted(value)}\n" for name, value in alike.items())
    assert importing.reread(text) == alike
    assert other_readers.compose(text) == alike
    assert other_readers.systemd(text) == alike
    assert other_readers.sh(text, tmp_path) == alike
    whole = "".join(f"{name}={quoted(value)}\n" for name, value in named.items())
    assert other_readers.compose(whole) == importing.reread(whole) == named


@pytest.mark.parametrize(
    ("name", "value"),
    [("X", "it's `id`"), ("X", "`id`\\"), ("X", "one\r\ntwo"), ("X.Y", "plain"), ("X-Y", "plain")],
)
def test_what_they_do_not_take_alike_is_told(name: str, value: str) -> None:
    text, findings = rendered({name: value, "Z": "it's"})
    assert [variable for code, variable in findings if code == "MP194"] == [name]
    assert other_readers.compose(text) == importing.reread(text) == {name: value, "Z": "it's"}


def test_most_values_need_no_word() -> None:
    values = {"A": "s3cret pass\\", "B": "it's $HOME", "C": "`id`", "D": "x\n'y'"}
    text, findings = rendered(values)
    assert "MP194" not in {code for code, _ in findings}
    assert other_readers.compose(text) == other_readers.systemd(text) == values


def test_json_holds_what_is_left_too() -> None:
    imported = importing.convert_text("SECRET_KEY=short1PW\nMODE=x\nA=first9\nA=second9\nDEBUG=false\n")
    document = json.loads(writing.render(imported, "json"))
    assert document["variables"] == importing.values(imported)
    assert [(each["name"], each["value"], each["place"]) for each in document["left"]] == [
        ("A", "first9", ".env:3"),
        ("SECRET_KEY", "short1PW", ".env:1"),
        ("MODE", "x", ".env:2"),
    ]
    promised = [each.hint for each in imported.findings if each.code in ("MP162", "MP188")]
    assert len(promised) == 2
    assert all("under left" in hint for hint in promised)
