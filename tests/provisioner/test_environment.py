"""Reading a mapping of variables."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioner.environment import Environment, distance


def kinds(environment: Environment) -> list[tuple[str, str]]:
    return [(found.kind, found.variable) for found in environment.findings]


@pytest.mark.parametrize(
    ("raw", "text", "found"),
    [
        ("plain", "plain", []),
        ("", None, []),
        (" \n", None, []),
        ('""', None, []),
        (" x\n", "x", ["trimmed"]),
        ("\ufeffx", "x", ["trimmed"]),
        ("'x'", "x", ["quoted"]),
        ("\"x'", "\"x'", []),
        ("${{Postgres.DATABASE_URL}}", None, ["unresolved-reference"]),
        ("EV[1:abc:def==]", None, ["unresolved-reference"]),
        ("$NAME", None, ["unresolved-reference"]),
        ("<REQUIRED>", None, ["placeholder"]),
        ("your-secret-key", None, ["placeholder"]),
        ("********", None, ["placeholder"]),
        ("xxxxxxxx", None, ["placeholder"]),
        ("a\x00b", None, ["control-char"]),
        ("a\udcff", None, ["encoding"]),
        ("a" * 40_000, None, ["too-long"]),
    ],
)
def test_text(raw: str, text: str | None, found: list[str]) -> None:
    environment = Environment({"NAME": raw})
    assert environment.text("NAME") == text
    assert environment.text("NAME") == text
    assert kinds(environment) == [(kind, "NAME") for kind in found]


@pytest.mark.parametrize(
    ("raw", "number", "found"),
    [
        ("8080", 8080, []),
        ("08", 8, []),
        ("0", None, ["range"]),
        ("-1", None, ["range"]),
        ("99999", None, ["range"]),
        ("9" * 30, None, ["int"]),
        ("tcp://10.0.0.1:80", None, ["int"]),
        ("8.0", None, ["int"]),
        ("\uff18", None, ["int"]),
    ],
)
def test_integer(raw: str, number: int | None, found: list[str]) -> None:
    environment = Environment({"PORT": raw})
    assert environment.integer("PORT", minimum=1, maximum=65535) == number
    assert [kind for kind, _ in kinds(environment)] == found


@pytest.mark.parametrize(
    ("raw", "switch", "found"),
    [("true", True, []), ("FALSE", False, []), ("0", False, []), ("on", True, []), ("flase", None, ["bool"])],
)
def test_boolean(raw: str, switch: bool | None, found: list[str]) -> None:
    environment = Environment({"DEBUG": raw})
    assert environment.boolean("DEBUG") is switch
    assert [kind for kind, _ in kinds(environment)] == found


def test_a_file_gives_the_value(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("held\n")
    environment = Environment({"KEY_FILE": str(path)})
    assert environment.text("KEY") == "held"
    assert environment.findings == []


def test_a_file_and_a_value_that_differ(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("held")
    environment = Environment({"KEY": "other", "KEY_FILE": str(path)})
    environment.text("KEY")
    assert [kind for kind, _ in kinds(environment)] == ["file-conflict"]


def test_a_file_and_the_same_value(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("held\n")
    environment = Environment({"KEY": "held", "KEY_FILE": str(path)})
    assert environment.text("KEY") == "held"
    assert environment.findings == []


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    os.mkfifo(tmp_path / "pipe")
    for name in ("missing", "bytes", "pipe", "."):
        environment = Environment({"KEY_FILE": str(tmp_path / name)})
        assert environment.text("KEY") is None
        assert kinds(environment) == [("file-unreadable", "KEY_FILE")]
        assert str(tmp_path) not in environment.findings[0].message


@pytest.mark.parametrize("misspelt", ["DATABSE_URL", "DATABASEURL", "DATABASE_URI", "database_url", "DATBAASE_URL"])
def test_near_misses(misspelt: str) -> None:
    environment = Environment({misspelt: "x", "PATH": "/bin", "PORT": "1"})
    assert environment.near_misses({"PORT"}, {"DATABASE_URL"}) == {misspelt: "DATABASE_URL"}


def test_no_near_miss() -> None:
    environment = Environment({"PATH": "/bin", "POSTGRES_URL": "x", "DATABASE_URI": ""})
    assert environment.near_misses({"PORT"}, {"DATABASE_URL"}) == {}


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("", "ab", 2), ("ab", "ba", 1), ("kitten", "sitting", 3), ("a", "a", 0)]
)
def test_distance(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == distance(other, one) == steps
