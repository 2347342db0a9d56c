"""References as Docker Compose replaces them, lines as it reads them, and Compose files."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.importing import databases, writing
from provisioner.importing.compose_file import read_compose
from provisioner.importing.compose_text import NotCompose
from provisioner.importing.dotenv import read_dotenv
from provisioner.importing.interpolation import Interpolation
from provisioner.importing.outcome import Read
from provisioner.importing.source import SourceError, decoded, read_source, read_text
from tests.provisioner.importing import importing

VALUES = {"A": "1", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "compose", "dotenv"),
    [
        ("x$A-${A}", "x1-1", "x1-1"),
        ("${NO}|$NO", "|", "${NO}|$NO"),
        ("${NO:-d}${NO-d}${EMPTY:-d}${EMPTY-d}", "ddd", "ddd"),
        ("${NO:-${A}}${NO:-${NO:-z}}", "1z", "1z"),
        ("${NO:-{}}", "{}", "{}"),
        ("${A:+y}${NO:+y}${EMPTY:+y}${EMPTY+y}", "yy", "yy"),
        ("${A:?must}${EMPTY?must}", "1", "1"),
        ("$$A $$", "$A $", "$A $"),
        ("${A", "${A", "${A"),
        ("${{Postgres.URL}} ${db.URL} $1", "${{Postgres.URL}} ${db.URL} $1", "${{Postgres.URL}} ${db.URL} $1"),
    ],
)
def test_interpolation(text: str, compose: str, dotenv: str) -> None:
    assert Interpolation(VALUES, literal=False).text(text) == compose
    assert Interpolation(VALUES, literal=True).text(text) == dotenv


@pytest.mark.parametrize(
    ("text", "expected", "kinds"),
    [
        ("\ufeffA=1\r\nexport B = 'x # y'\r\n", {"A": "1", "B": "x # y"}, []),
        ('A: yes\nB="q\\"\\\\n"', {"A": "yes", "B": 'q"\\n'}, []),
        ("A=1\nA=1\nB=1\nB=2", {"A": "1", "B": "2"}, ["import-duplicate"]),
        ("A='$HOME'\nB=\"\\$HOME\"\nC=$HOME", {"A": "$HOME", "B": "$HOME", "C": "$HOME"}, ["import-dollar"]),
        ("A=1\nB=\"${A}2\"\nC='${A}'", {"A": "1", "B": "12", "C": "${A}"}, ["import-reference"]),
        ('A=\'{\n "b": "\\x$"\n}\' # end\nB=2', {"A": '{\n "b": "\\x$"\n}', "B": "2"}, []),
        ('A="x\n\ny"\nB=2', {"A": "x\n\ny", "B": "2"}, []),
        ("A='never closed\nB=2", {"A": "'never closed", "B": "2"}, []),
        ("nonsense\nA=1\x0c2\nB=2", {"B": "2"}, ["import-line", "import-line"]),
        ("A='x'y\nB='z'", {"A": "'x'y", "B": "z"}, []),
        ("#A=1\n\n  # 'x\nB=2", {"B": "2"}, []),
        ("SECRET_KEY=#kD8v\nB: #x\nC= # note", {"SECRET_KEY": "#kD8v", "B": "", "C": ""}, []),
        ("A='Let\\'s go'\nB='Let\\'s\n$go' # it's", {"A": "Let's go", "B": "Let's\n$go"}, []),
        ("A=pa$$word\nB=\"$$x\"\nC='$$'", {"A": "pa$word", "B": "$x", "C": "$$"}, ["import-dollars"] * 2),
        ('A=pa$word\nB="\\$${NO}"', {"A": "pa$word", "B": "$${NO}"}, ["import-dollar"] * 2),
        ('A=h\nB="pa\\$1${A}"', {"A": "h", "B": "pa$1h"}, ["import-reference"]),
        ("A=pa\\$word", {"A": "pa\\$word"}, ["import-dollar"]),
        ("P=pa${x-y}z\nQ=pa${x:+y}z", {"P": "payz", "Q": "paz"}, ["import-alternative"] * 2),
        ("E=\nP=pa${E:-y}z${E-n}", {"E": "", "P": "payz"}, ["import-reference", "import-alternative"]),
    ],
)
def test_lines(text: str, expected: dict[str, str], kinds: list[str]) -> None:
    read = read_dotenv(text, ".env")
    assert {old.name: old.text for old in read.variables} == expected
    assert [each.kind for each in read.findings] == kinds


@pytest.mark.parametrize(
    ("text", "outcomes", "left"),
    [
        (
            "DB_PW=topSecret9\nPOSTGRES_PASSWORD=${DB_PW}\nPOSTGRES_PASSWORD=other99\n",
            {"DB_PW": "carried", "POSTGRES_PASSWORD": "merged"},
            {"POSTGRES_PASSWORD": "topSecret9"},
        ),
        ("A=first9\nA=second9\n", {"A": "carried"}, {"A": "first9"}),
        ("A=one9\nB=x-${A}\nC=${A:+alternative}\n", {"A": "merged", "B": "carried", "C": "carried"}, {}),
        ("A=one9\nC=${A:+alternative}\n", {"A": "carried", "C": "carried"}, {}),
        ("A=one9\nB=${A}\x01\n", {"A": "carried", "B": "dropped"}, {}),
    ],
)
def test_a_value_is_merged_only_where_it_is_held(text: str, outcomes: dict[str, str], left: dict[str, str]) -> None:
    imported = importing.convert_text(text)
    assert {each.name: each.fate for each in imported.outcomes} == outcomes
    assert {each.name: each.text for each in imported.left} == left
    written = writing.render(imported, "env")
    assert all(f"#{name}={value}\n" in written for name, value in left.items())
    for outcome in imported.outcomes:
        assert outcome.fate != "merged" or "C" not in outcome.to


def test_the_value_of_another_service_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PW2=dbPW22\nPOSTGRES_USER=unheard9\n")
    (tmp_path / "compose.yaml").write_text(
        "services:\n  db: {environment: {POSTGRES_PASSWORD: '${PW2}', POSTGRES_DB: other9}}\n"
        "  web:\n    image: mathesar/mathesar\n"
        "    environment: {POSTGRES_PASSWORD: m1nePW, POSTGRES_USER: m, POSTGRES_DB: mine}\n"
    )
    imported = importing.convert_read(read_source(tmp_path))
    assert {each.name: each.fate for each in imported.outcomes}["PW2"] == "carried"
    held = importing.held(imported)
    assert [value for value in ("dbPW22", "unheard9", "other9", "m1nePW") if value not in held] == []


def test_parts_show_no_value() -> None:
    assert "s3cretPW" not in repr(databases._Part("POSTGRES_PASSWORD", "password", "s3cretPW"))


def test_a_url_in_place_of_a_path_is_not_shown(tmp_path: Path) -> None:
    for text in ("postgresql://u:sEcReT@h/db", "mysql:/u:sEcReT@h/db"):
        with pytest.raises(SourceError, match="it is a URL") as refused:
            read_source(Path(text))
        assert "sEcReT" not in str(refused.value)


def test_places_are_said() -> None:
    read = read_dotenv("# one\nA='x\ny'\nB=2\n", "old.env")
    assert [old.place for old in read.variables] == ["old.env:2", "old.env:4"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("services: [", "line 1: it is no YAML that can be read"),
        ("a: 1", "it has no services, so it is no Compose file"),
        ("services: {a: secret-value}", "it has no services, so it is no Compose file"),
    ],
)
def test_no_compose_file(text: str, message: str) -> None:
    with pytest.raises(NotCompose, match=message):
        read_compose(text, "compose.yaml", Read(()), lambda _name: None)


def test_a_missing_env_file_and_an_odd_name_are_told() -> None:
    text = "services:\n  app:\n    env_file: [gone.env, \"a\\0b\"]\n    environment: ['A B=1', 'SECRET_KEY=x', 'N=5']\n"
    read = read_compose(text, "compose.yaml", Read(()), lambda _name: None)
    assert {old.name: old.text for old in read.variables} == {"SECRET_KEY": "x", "N": "5"}
    assert [each.kind for each in read.findings] == ["import-env-file", "import-line"]


def test_another_services_value_does_not_win() -> None:
    text = (
        "services:\n  db:\n    environment: {POSTGRES_USER: other, PGDATA: /x}\n"
        "  web:\n    image: mathesar/mathesar\n"
        "    environment: {POSTGRES_USER: mine, DEBUG: false, WEB_CONCURRENCY: 3}\n"
    )
    read = read_text(text, "standard input")
    assert {old.name: old.text for old in read.variables} == {
        "POSTGRES_USER": "mine",
        "DEBUG": "false",
        "WEB_CONCURRENCY": "3",
        "PGDATA": "/x",
    }
    assert [each.kind for each in read.findings] == ["import-service"]


def test_numbers_stay_as_they_are_written() -> None:
    values = "      SECRET_KEY: 0042 # not 34\n      A: 1.50\n      B: 7\n      C: true\n"
    text = f"services:\n  web:\n    environment:\n{values}"
    read = read_text(text, "standard input")
    assert {old.name: old.text for old in read.variables} == {"SECRET_KEY": "0042", "A": "1.50", "B": "7", "C": "true"}
    assert [(each.kind, each.variable) for each in read.findings] == [
        ("import-number", "SECRET_KEY"),
        ("import-number", "A"),
    ]


def test_references_to_references_do_not_grow_without_end() -> None:
    text = "A0=" + "x" * 1000 + "".join(f"\nA{n}=" + f"$A{n - 1}" * 20 for n in range(1, 9))
    assert max(len(old.text) for old in read_dotenv(text, ".env").variables) < 2_000_000


def test_paths(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds neither"):
        read_source(tmp_path)
    (tmp_path / ".env").write_text("A=1\n")
    assert [old.name for old in read_source(tmp_path).variables] == ["A"]
    with pytest.raises(SourceError, match="No such file"):
        read_source(tmp_path / "gone.env")
    with pytest.raises(SourceError, match="File name too long"):
        read_source(tmp_path / ("x" * 300))
    with pytest.raises(SourceError, match="not an ordinary file"):
        read_source(Path("/dev/null"))


def test_encodings() -> None:
    assert decoded("A=é\n".encode("utf-16"), "x") == "A=é\n"
    with pytest.raises(SourceError, match="not UTF-8"):
        decoded(b"A=\xff", "x")
    with pytest.raises(SourceError, match="larger"):
        decoded(b"x" * 1_000_001, "x")
