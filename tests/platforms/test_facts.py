"""Every fact says since when and where from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import platforms
from provisioner.facts import load_facts
from provisioner.platform import registered

FOLDERS = sorted(path.parent for path in Path(platforms.__file__).parent.glob("*/facts.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_dated_and_sourced(folder):
    facts = load_facts(str(folder / "contract.py")).facts
    assert facts
    for name, fact in facts.items():
        assert date.fromisoformat(fact.date), name
        assert len(fact.source) > 20, name
        assert fact.value is not None, name


def test_every_platform_has_facts():
    assert [folder.name for folder in FOLDERS] == list(registered())


def test_a_table_without_a_source_is_refused(tmp_path):
    (tmp_path / "facts.toml").write_text('[memory_mb]\nvalue = 512\ndate = "2026-11-20"\n')
    with pytest.raises(TypeError, match="source"):
        load_facts(str(tmp_path / "contract.py"))
