"""Steps: their verdicts, what is told of them, and what an expected failure is."""

from __future__ import annotations

import pytest

from provisioner.findings import finding
from provisioner.rehearsal.timeline import Failed, Timeline


def test_a_step_that_passes_is_told_twice():
    told = []
    timeline = Timeline(lambda step: told.append((step.name, step.verdict, step.detail)))
    timeline.scenario = "scale"
    with timeline.step("start") as step:
        assert step.verdict == "running"
        step.detail = "three"
    assert told == [("start", "running", ""), ("start", "passed", "three")]
    assert (step.scenario, timeline.failed) == ("scale", [])
    assert step.seconds >= 0


def test_a_failure_keeps_its_findings_and_its_log():
    timeline, found = Timeline(), finding("release-failed", "release")
    with pytest.raises(Failed, match="no"), timeline.step("release") as step:
        raise Failed("no", found, log=("one", "two"))
    assert (step.verdict, step.detail, step.findings, step.log) == ("failed", "no", [found], ["one", "two"])
    assert timeline.failed == [step]


@pytest.mark.parametrize("problem", [OSError("out"), RuntimeError("out"), ValueError("out")])
def test_what_parts_raise_goes_on_as_failed(problem):
    timeline = Timeline()
    with pytest.raises(Failed, match="out") as caught, timeline.step("some") as step:
        raise problem
    assert caught.value.__cause__ is problem
    assert (step.verdict, step.detail) == ("failed", "out")


def test_a_problem_without_words_has_its_kind():
    timeline = Timeline()
    with pytest.raises(Failed, match="TimeoutError"), timeline.step("some"):
        raise TimeoutError


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit])
def test_what_is_none_of_ours_goes_through(problem):
    timeline = Timeline()
    with pytest.raises(problem), timeline.step("some") as step:
        raise problem
    assert (step.verdict, step.detail) == ("failed", "interrupted")


def test_a_fault_of_ours_is_a_failed_step_with_its_kind():
    timeline = Timeline()
    with pytest.raises(Failed, match="KeyError"), timeline.step("some") as step:
        raise KeyError("x")
    assert step.verdict == "failed"


def test_expected_is_not_failed_and_only_within_the_block():
    timeline = Timeline()
    with pytest.raises(Failed), timeline.expecting(), timeline.step("one"):
        raise Failed("as it should")
    with pytest.raises(Failed), timeline.step("two"):
        raise Failed("as it should not")
    with timeline.expecting(), timeline.step("three"):
        pass
    assert [step.verdict for step in timeline.steps] == ["expected", "failed", "passed"]
    assert [step.name for step in timeline.failed] == ["two"]


def test_our_own_fault_is_never_expected():
    timeline = Timeline()
    with pytest.raises(Failed), timeline.expecting(), timeline.step("one"):
        raise OSError("the machine, not the app")
    assert timeline.steps[0].verdict == "failed"
