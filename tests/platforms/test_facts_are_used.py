"""One fact is one line in one file: whatever is changed there, changes in the manifest, and stands nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from provisioner.facts import Facts, load_facts
from provisioner.manifests import generate
from provisioner.platform import load, registered, room
from tests.platforms.manifests import FLAVOURS

# Names that a manifest asks for; what is a number or a switch would stand in other places with good reason.
CHOSEN = ("web_plan", "database_plan", "region", "instance_type", "postgres_image")
NAMES = list(registered())


def chosen(name: str) -> list[str]:
    facts = load_facts(str(room(load(name), "contract").__file__)).facts
    return [fact for fact in CHOSEN if fact in facts and isinstance(facts[fact].value, str)]


CASES = [(name, fact) for name in NAMES for fact in chosen(name)]


@pytest.mark.parametrize(("name", "fact"), CASES)
def test_a_fact_is_written_once(name: str, fact: str):
    folder = Path(str(room(load(name), "contract").__file__)).parent
    value = load_facts(str(folder / "contract.py")).text(fact)
    spelled = re.compile(rf"([\"'`]){re.escape(value)}\1")
    for file in [*folder.glob("*.py"), *folder.glob("*.j2")]:
        assert not spelled.search(file.read_text(encoding="utf-8")), f"{file.name} repeats {fact}"


@pytest.mark.parametrize(("name", "fact"), CASES)
def test_a_changed_fact_changes_the_manifest(name: str, fact: str, monkeypatch: pytest.MonkeyPatch):
    before = generate(FLAVOURS["image"], [name])
    module: Any = room(load(name), "manifest")

    def changed(path: str) -> Facts:
        facts = load_facts(path)
        new = facts.facts[fact].value + "-renamed"
        facts.facts[fact] = type(facts.facts[fact])(new, "2026-11-20", "a test")
        return facts

    monkeypatch.setattr(module, "load_facts", changed)
    after = generate(FLAVOURS["image"], [name])
    assert [file.path for file in after] == [file.path for file in before]
    # Where the platform's click asks for it, the fact stands on the install page alone.
    assert any("-renamed" in file.text for file in after)
