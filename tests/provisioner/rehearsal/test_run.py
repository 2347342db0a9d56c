"""One rehearsal from the click to the end: what makes it red, and that nothing is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from platforms.render import runtime as render
from provisioner.lint.document import read
from provisioner.rehearsal import report_json
from provisioner.rehearsal.pressing import Placed, as_command, press
from provisioner.rehearsal.processes import members
from provisioner.rehearsal.run import rehearse
from provisioner.rehearsal.scenarios import Scenario
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Failed, Timeline
from provisioner.rehearsal.witness import RowWitness

COMMAND = "python serve.py"
SERVE = """
import http.server, os
place = ("0.0.0.0", int(os.environ["PORT"]))
http.server.ThreadingHTTPServer(place, http.server.SimpleHTTPRequestHandler).serve_forever()
"""
MANIFEST = f"""\
services:
  - type: web
    name: small
    runtime: python
    plan: starter
    region: oregon
    buildCommand: "true"
    startCommand: {COMMAND}
    healthCheckPath: /
    maxShutdownDelaySeconds: 5
    envVars:
      - key: DATABASE_URL
        fromDatabase:
          name: small-db
          property: connectionString
      - key: APP_SECRET
        generateValue: true
      - key: ASKED
        sync: false
databases:
  - name: small-db
    plan: basic-256mb
    postgresMajorVersion: "17"
    ipAllowList: []
"""
ANSWERS = {"ASKED": "planted-answer"}


def documents(text: str = MANIFEST):
    return {"render.yaml": read("render.yaml", text)}


def run(play, text: str = MANIFEST, **more):
    scenario = Scenario("made-up", "It shows nothing.", play)
    return rehearse(render, documents(text), scenario, witness=RowWitness(), **{"answers": ANSWERS, **more})


@pytest.fixture
def small(tmp_path):
    """What is needed to run a small app."""
    (tmp_path / "serve.py").write_text(SERVE)
    return {"source": tmp_path, "command": COMMAND}


def codes(outcome) -> list[str]:
    return [item.code for step in outcome.steps for item in step.findings]


def never(session, witness):
    raise AssertionError("it was played")


def test_a_manifest_that_the_linter_refuses_is_red_at_the_click():
    outcome = run(never, MANIFEST.replace("    healthCheckPath: /\n", ""))
    assert not outcome.passed
    assert [step.name for step in outcome.steps] == ["the click"]
    (found,) = outcome.steps[0].findings
    assert isinstance(found, Placed)
    assert (found.kind, found.file, found.line) == ("health-missing", "render.yaml", 2)


def test_a_manifest_that_cannot_be_read_is_red_at_the_click():
    outcome = run(never, "services: []\n")
    assert outcome.steps[0].verdict == "failed"
    assert codes(outcome)


def test_a_manifest_that_the_platform_refuses_is_red_at_the_click():
    def refuse(_documents):
        raise ValueError("there is no web service")

    runtime = SimpleNamespace(MANIFESTS=render.MANIFESTS, HABITS=render.HABITS, read=refuse)
    timeline = Timeline()
    with pytest.raises(Failed) as caught:
        press(timeline, runtime, documents(), {})  # type: ignore[arg-type]
    assert [item.code for item in caught.value.findings] == ["MP978"]
    assert "there is no web service" in caught.value.findings[0].message


def test_what_is_asked_must_be_answered():
    outcome = run(never, answers={})
    assert codes(outcome) == ["MP976"]
    assert "--answer ASKED=VALUE" in outcome.steps[0].findings[0].hint


def test_the_click_says_what_is_asked_and_made_up():
    timeline = Timeline()
    press(timeline, render, documents(), ANSWERS)
    said = timeline.steps[0].detail
    assert said == "asks for ASKED (answered); makes up APP_SECRET; makes the database app"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("gunicorn 'my app':x", ("sh", "-c", "exec gunicorn 'my app':x")),
        ("mathesar start", ("mathesar", "start")),
        ("serve -p $PORT", ("sh", "-c", "exec serve -p $PORT")),
        ("migrate && serve", ("sh", "-c", "migrate && serve")),
        ("A=b serve", ("sh", "-c", "A=b serve")),
    ],
)
def test_a_command_gets_a_shell_only_where_it_needs_one(text, command):
    assert as_command(text) == command


def test_a_small_app_is_green_and_measured(small):
    told = []
    outcome = run(lambda session, witness: witness.plant(session), **small, tell=told.append)
    assert [step.detail for step in outcome.steps if step.verdict != "passed"] == []
    assert outcome.passed
    assert [step.name for step in outcome.steps].count("limits") == 2
    assert 0 < outcome.memory_mb < outcome.plan_mb == 512
    assert (outcome.platform, outcome.label, outcome.limit) == ("render", "Render", 97)
    assert len(told) == 2 * len(outcome.steps)


def test_more_connections_than_the_database_has_are_red(small):
    def crowd(session, witness):
        session.gate.most = 98

    outcome = run(crowd, **small)
    assert codes(outcome) == ["MP977"]
    assert outcome.connections == 98
    assert "98 connections were open at once, and the database has 97" in outcome.steps[-1].findings[0].message


def test_what_nobody_expected_is_a_step_and_no_traceback(small):
    def fail(session, witness):
        raise KeyError("nothing of the kind")

    outcome = run(fail, **small)
    assert not outcome.passed
    assert "KeyError" in outcome.steps[-1].detail
    assert "in fail" in outcome.steps[-1].log[-1]


def test_no_secret_is_told(small):
    secrets, told = [], []

    def talk(session, witness):
        session.role = session.server.rotate(session.role)
        second = session.server.make_role("second", "second", session.habits.privileges)
        session.changed["SECOND_URL"] = session.url_of(second)
        secrets.extend([session.role.password, second.password, session.environ(1)["APP_SECRET"], *ANSWERS.values()])
        with session.timeline.step("talking") as step:
            step.detail = f"with {session.environ(1)}"
            raise Failed(" ".join(secrets), log=[f"{secret}!" for secret in secrets] + [session.url_of(second)])

    outcome = run(talk, **small, tell=lambda step: told.append(f"{step.detail} {step.log}"))
    text = report_json.render([outcome]) + "".join(told)
    assert len(secrets) == 4
    assert [secret for secret in secrets if secret in text] == []
    assert "[hidden]!" in text


def test_an_interrupt_leaves_nothing(small):
    seen: list[Session] = []

    def interrupt(session, witness):
        seen.append(session)
        with session.timeline.step("a long one"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupt, **small)
    keeper = seen[0].keeper
    assert members(keeper.group) == []
    assert keeper.folder != Path()
    assert not keeper.folder.exists()


def test_staying_comes_before_the_end(small):
    stayed = []

    def stay(session):
        assert session.live is not None
        stayed.append(session.live.ports)

    outcome = run(lambda session, witness: None, **small, stay=stay)
    assert outcome.passed
    assert len(stayed) == 1
    scenario = Scenario("red", "", lambda session, witness: _fail(session))
    red = rehearse(render, documents(), replace(scenario), witness=RowWitness(), answers=ANSWERS, **small, stay=stay)
    assert not red.passed
    assert len(stayed) == 1


def _fail(session: Session) -> None:
    with session.timeline.step("red"):
        raise Failed("red")
