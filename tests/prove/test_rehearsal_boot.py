"""A boot that takes longer than Heroku waits, with Heroku's own minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsal.planted import HEALTH, SLOW, rehearse

pytestmark = pytest.mark.prove


def test_a_boot_of_ninety_seconds_is_red_after_sixty(tmp_path: Path):
    folder = tmp_path / "app"
    folder.mkdir()
    status, rehearsal = rehearse(SLOW, SLOW.lay_out(folder))
    last = rehearsal["steps"][-1]
    assert (status, last["name"], last["verdict"]) == (1, HEALTH, "failed")
    (found,) = last["findings"]
    assert (found["code"], "within the platform's 60 s" in found["message"]) == (SLOW.code, True)
    assert last["seconds"] >= 60
