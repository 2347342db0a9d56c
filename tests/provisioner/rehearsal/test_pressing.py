"""The click on a stranger's manifest: what it asks is words, and what it asks for is bounded and said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from provisioner.cli_rehearse import _answers
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.pressing import LONGEST_SECONDS, MOST_INSTANCES, press
from provisioner.rehearsal.server import Server
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Timeline
from provisioner.rehearsal.wanted import Asked, Wanted
from tests.provisioner.rehearsal import tiny


def pressed(asked_for: Wanted) -> tuple[Wanted, str]:
    timeline = Timeline()
    runtime: Any = SimpleNamespace(MANIFESTS=("made-up.yaml",), read=lambda _: asked_for)
    return press(timeline, runtime, {}, {}), timeline.steps[0].detail


def test_what_one_machine_can_rehearse_is_as_it_is():
    asked_for = tiny.wanted(instances=MOST_INSTANCES, boot_seconds=LONGEST_SECONDS, shutdown_seconds=LONGEST_SECONDS)
    wanted, said = pressed(asked_for)
    assert wanted == asked_for
    assert " of " not in said
    assert pressed(tiny.wanted())[0].boot_seconds is None


def test_more_than_a_machine_and_a_person_can_stand_is_bounded_and_said():
    wanted, said = pressed(tiny.wanted(instances=5000, boot_seconds=1_000_000, shutdown_seconds=1_000_000))
    assert (wanted.instances, wanted.boot_seconds, wanted.shutdown_seconds) == (5, 1800, 1800)
    assert "rehearses 5 of 5000 instances" in said
    assert "waits 1800 of 1000000 s for the health check" in said
    assert "waits 1800 of 1000000 s for the end" in said


def test_a_question_steers_no_terminal():
    steering = "\x1b]0;mine\x07\x1b[2J"
    asks = {"TOWN": Asked(f"Where{steering} you are", default=f"Ghent{steering}"), "PLAIN": Asked("Which", default="a")}
    found: Any = [SimpleNamespace(asks=lambda: asks)]
    with CliRunner().isolation(input="\n\n") as (_, errors, *_rest):
        answers, _ = _answers((), found, ask=True)
        shown = errors.getvalue().decode()
    assert "TOWN, Where you are [Ghent]: " in shown
    assert "PLAIN, Which [a]: " in shown
    assert "\x1b" not in shown
    assert answers == {"TOWN": f"Ghent{steering}", "PLAIN": "a"}  # what the platform's form would send


@pytest.mark.parametrize("asked", ["", "17", "here"])
def test_another_version_of_postgresql_is_said(server: Server, asked: str):
    here = server.version.partition(".")[0]
    timeline = Timeline()
    wanted = tiny.wanted(postgres=here if asked == "here" else asked)
    with Keeper() as keeper, Session(wanted, tiny.HABITS, keeper, timeline) as session:
        session.prepare()
    detail = timeline.steps[0].detail
    assert detail.startswith(f"PostgreSQL {server.version}")
    assert (f"(asked for 17, rehearsed on {here})" in detail) == (asked == "17" != here)
