"""A Python that lies where the app's ordinary user cannot go, as below /root, is run as who we are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from provisioner.localpg import account


@pytest.fixture(autouse=True)
def reachable_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the check for closed folders see where the virtual environment's Python really lies."""
    look = account.first_closed_folder

    def first_closed_folder(path: Path, runner: account.Account) -> Path | None:
        beside = Path(sys.executable)
        return look(path, runner) or (look(beside.resolve().parent, runner) if path == beside.parent else None)

    monkeypatch.setattr(account, "first_closed_folder", first_closed_folder)
