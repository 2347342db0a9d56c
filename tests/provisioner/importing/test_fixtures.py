"""Old configurations of every kind that was published, compared whole: env/NN-what.env with env/NN-what.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioner.importing import report, writing
from provisioner.importing.outcome import Imported
from tests.provisioner.importing import importing

NAMES = sorted(path.stem for path in importing.FIXTURES.glob("*.json"))


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, object], Imported]:
    expected = json.loads((importing.FIXTURES / f"{request.param}.json").read_text("utf-8"))
    read = importing.read_fixture(request.param, tmp_path)
    return expected, importing.convert_read(read, expected["target"])


def test_each_is_converted_as_its_table_says(case: tuple[dict[str, object], Imported]) -> None:
    expected, imported = case
    assert {
        "target": imported.target,
        "old": {each.name: " ".join([each.fate, *each.to]) for each in imported.outcomes},
        "variables": importing.values(imported),
        "findings": [f"{each.code} {each.variable}" for each in imported.findings],
        "check": [f"{each.code} {each.variable}" for each in imported.examination.findings],
        "starts": not imported.examination.stopping,
    } == expected


def test_the_written_file_is_read_back_the_same(case: tuple[dict[str, object], Imported]) -> None:
    _expected, imported = case
    text = writing.render(imported, "env")
    assert importing.reread(text) == importing.values(imported)
    assert json.loads(writing.render(imported, "json")) == {
        "variables": importing.values(imported),
        "left": [
            {"name": each.name, "value": each.text, "place": each.place, "why": each.why} for each in imported.left
        ],
    }
    uncommented = "\n".join(line.removeprefix("#") for line in text.splitlines() if not line.startswith("# "))
    left = {each.name: each.text for each in imported.left if each.name not in importing.values(imported)}
    assert importing.reread(uncommented).items() >= left.items()


def test_no_value_is_lost(case: tuple[dict[str, object], Imported], request: pytest.FixtureRequest) -> None:
    _expected, imported = case
    read = importing.read_fixture(request.node.callspec.params["case"], request.getfixturevalue("tmp_path") / "again")
    held = importing.held(imported)
    lost = [
        each.name
        for each, outcome in zip(read.variables, imported.outcomes, strict=True)
        # hosts are taken out of addresses and lists, and a URL's brackets are encoded: the tables say how
        if outcome.fate != "changed" and each.name != "DOMAIN_NAME" and each.text not in ("", "{}")
        if not all(piece in held for piece in importing.pieces(each.text))
    ]
    assert lost == []


def test_no_report_shows_a_secret(case: tuple[dict[str, object], Imported]) -> None:
    _expected, imported = case
    said = "".join(
        report.render(imported, fmt, written=None, color=color, width=80)
        for fmt in ("text", "json")
        for color in (False, True)
    )
    said += repr(imported)
    secrets = ("PW", "S3cret", "1234abcd", "9wq7b3uE", "e1f4b0c9", "f00dcafe", "Xc7Vb2Nm", importing.NEW_KEY)
    assert [secret for secret in secrets if secret in said] == []


def test_there_are_twenty_and_each_has_its_table() -> None:
    assert len(NAMES) >= 20
    others = [path for path in importing.FIXTURES.iterdir() if path.suffix != ".json"]
    assert sorted(path.name.removesuffix(".env") for path in others) == NAMES
