"""Every scenario passes with an app that does it right, and is red with one that does not."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from provisioner.recipes import Recipe
from provisioner.rehearsal.scenarios import SCENARIOS
from provisioner.rehearsal.server import Server
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Failed, Timeline
from provisioner.rehearsal.wanted import Given, MadeUp
from provisioner.rehearsal.witness import RowWitness, Witness

from . import tiny

NAMES = [
    "first-deploy", "second-deploy", "scale", "rotate-credentials", "database-restart", "slow-database",
    "attach-second-database", "detach-database", "wrong-variable", "key-changed", "rollback", "custom-domain",
    "out-of-memory", "shutdown-under-load",
]  # fmt: skip
GOOD: dict[str, tuple[str, ...]] = {  # what the app has to do right for the scenario to say anything
    "scale": ("db",),
    "rotate-credentials": ("db", "asks"),
    "database-restart": ("asks",),
    "slow-database": ("db", "asks"),
    "attach-second-database": ("db",),
    "wrong-variable": ("typo",),
    "out-of-memory": ("big",),
    "shutdown-under-load": ("slow", "drains"),
}

NEVER_LOOK = ("first-deploy", "custom-domain", "shutdown-under-load")


class NoteWitness(RowWitness):
    """Keeps something in the app itself."""

    def plant(self, session: Session) -> str:
        tiny.visitor(session).visit("/keep/harbour")
        return super().plant(session)

    def look(self, session: Session, *, signed_in: bool = True) -> str:
        if tiny.visitor(session).visit("/note").body != "harbour":
            raise RuntimeError("the note is gone")
        return super().look(session, signed_in=signed_in)


def play(name: str, *ways: str, witness: Witness | None = None, before: Any = None, **more: Any) -> Timeline:
    """Play the scenario with an app that behaves in these ways; return what came of it."""
    timeline = Timeline()
    with tiny.session(tiny.wanted(*ways, **more), timeline) as session, contextlib.suppress(Failed):
        session.deploy()
        if before is not None:
            before(session)
        SCENARIOS[name].play(session, witness or RowWitness())
        session.stop()
    return timeline


def red(timeline: Timeline) -> list[str]:
    """Return the names of the steps that did not pass."""
    return [step.name for step in timeline.failed]


def then(*ways: str) -> Any:
    """Make every later release behave in these ways."""

    def change(session: Session) -> None:
        session.wanted = replace(session.wanted, command=tiny.command(*ways))

    return change


def test_all_are_there_and_say_what_they_show():
    assert list(SCENARIOS) == NAMES
    for name, item in SCENARIOS.items():
        assert item.name == name
        assert item.shows.endswith(".")
        assert "\n" not in item.shows


@pytest.mark.parametrize("name", NAMES)
def test_a_good_app_is_green(server: Server, name: str):
    before = threading.active_count()
    timeline = play(name, *GOOD.get(name, ()))
    assert [(step.name, step.detail, step.log) for step in timeline.failed] == []
    assert timeline.steps[-1].name == "stop"
    expected = [step for step in timeline.steps if step.verdict == "expected"]
    assert bool(expected) == (name in ("wrong-variable", "out-of-memory"))
    end = time.monotonic() + 15
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.02)
    assert threading.active_count() <= before


@pytest.mark.prove
@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEVER_LOOK])
def test_a_witness_that_finds_nothing_makes_it_red(server: Server, name: str):
    class Forgetful(RowWitness):
        def look(self, session: Session, *, signed_in: bool = True) -> str:
            raise RuntimeError("it is gone")

    with pytest.MonkeyPatch.context() as patch:
        from provisioner.rehearsal import scenarios

        whole = scenarios.eventually
        # nobody waits half a minute for what is never there
        patch.setattr(scenarios, "eventually", lambda session, witness, _seconds: whole(session, witness, 0))
        timeline = play(name, *GOOD.get(name, ()), witness=Forgetful())
    assert timeline.failed[-1].detail == "it is gone"


@pytest.mark.prove
def test_an_app_that_cannot_be_claimed_is_red(server: Server):
    class Shut(RowWitness):
        def plant(self, session: Session) -> str:
            raise OSError("the door is shut")

    for name in NAMES[:2]:
        assert red(play(name, witness=Shut())) == ["first sign-in"]
        for (database,) in server.admin("SELECT datname FROM pg_database WHERE datname = 'app'"):
            server.admin(f"DROP DATABASE {database} WITH (FORCE)")
            server.admin("DROP ROLE app")


@pytest.mark.prove
@pytest.mark.parametrize("name", ["second-deploy", "rotate-credentials", "rollback", "detach-database", "key-changed"])
def test_what_is_on_the_disk_is_lost(server: Server, name: str):
    timeline = play(name, witness=NoteWitness())
    assert timeline.failed[-1].detail == "the note is gone"


@pytest.mark.prove
@pytest.mark.parametrize("name", ["second-deploy", "scale", "rollback", "slow-database", "attach-second-database"])
def test_a_deploy_that_cleans_up_is_seen(server: Server, name: str):
    timeline = play(name, "db", before=then("db", "clean"))
    assert "does not exist" in timeline.failed[-1].detail


@pytest.mark.prove
def test_instances_that_cannot_be_two(server: Server):
    timeline = play("scale", before=then("alone"))
    assert red(timeline) == ["health check"]
    assert "another one is running" in " ".join(timeline.failed[0].log)


@pytest.mark.prove
def test_instances_that_know_different_things(server: Server):
    assert play("scale", witness=NoteWitness()).failed[-1].detail == "the note is gone"


@pytest.mark.prove
def test_a_password_that_was_written_down(server: Server):
    def fix(session: Session) -> None:
        session.changed["DATABASE_URL"] = session.environ(1)["DATABASE_URL"]

    timeline = play("rotate-credentials", "db", before=fix)
    assert red(timeline) == ["health check"]
    assert "password authentication failed" in " ".join(timeline.failed[0].log)


@pytest.mark.prove
def test_a_connection_that_is_never_made_again(server: Server, monkeypatch: pytest.MonkeyPatch):
    from provisioner.rehearsal import scenarios

    whole = scenarios.eventually
    monkeypatch.setattr(scenarios, "eventually", lambda session, witness, _seconds: whole(session, witness, 2))
    timeline = play("database-restart", "kept")
    assert red(timeline) == ["it answers again"]
    assert timeline.failed[0].detail == "the first page answers 500"


@pytest.mark.prove
def test_an_app_that_dies_with_its_database_is_told_at_the_end(server: Server):
    def die(session: Session) -> None:
        assert session.live is not None
        session.live.instances[0].process.kill()
        session.live.instances[0].wait(5)

    timeline = play("first-deploy", before=die)
    assert red(timeline)


@pytest.mark.prove
def test_a_deploy_that_takes_too_long_with_a_slow_database(server: Server):
    def hurry(session: Session) -> None:
        session.habits = replace(session.habits, boot_seconds=1)
        session.wanted = replace(session.wanted, command=tiny.command("hangs"))

    timeline = play("slow-database", before=hurry)
    assert [item.code for item in timeline.failed[0].findings] == ["MP973"]


def test_a_typo_that_nobody_notices(server: Server):
    timeline = play("wrong-variable")
    assert red(timeline) == ["the typo stops the deploy"]
    assert timeline.failed[0].detail == "the deploy went through"


@pytest.mark.prove
def test_a_typo_that_is_told_by_its_code(server: Server):
    timeline = play("wrong-variable", "typo")
    (step,) = [step for step in timeline.steps if step.name == "the typo stops the deploy"]
    assert step.detail == "MP101"


@pytest.mark.prove
def test_memory_that_nobody_counts(server: Server, monkeypatch: pytest.MonkeyPatch):
    from provisioner.rehearsal.instance import Instance

    monkeypatch.setattr(Instance, "measure", lambda self: 0.0)
    assert red(play("out-of-memory", "big")) == ["the kernel ends what does not fit"]


def test_an_app_that_is_full_and_healthy_at_once(server: Server):
    assert red(play("out-of-memory", "big", "quick")) == []


@pytest.mark.prove
@pytest.mark.parametrize("name", ["wrong-variable", "out-of-memory"])
def test_an_old_release_that_does_not_go_on(server: Server, name: str):
    def fragile(session: Session) -> None:
        whole = session.deploy

        def deploy(**more: Any) -> Any:
            assert session.live is not None
            for instance in session.live.instances:
                instance.process.kill()
                instance.wait(5)
            return whole(**more)

        session.deploy = deploy  # type: ignore[method-assign]

    assert red(play(name, *GOOD[name], before=fragile)) == ["the old release still serves"]


@pytest.mark.prove
def test_a_key_that_must_never_change(server: Server):
    made = MadeUp(Recipe("", "hex", 32))
    first: list[str] = []

    def note(session: Session) -> None:
        first.append(session.generated["SECRET_KEY"])
        path = session.keeper.folder / "key"
        path.write_text(first[0])
        path.chmod(0o644)
        session.wanted = replace(
            session.wanted,
            command=tiny.command("key"),
            envs={**session.wanted.envs, "KEY_FILE": Given(str(path))},
        )

    timeline = play("key-changed", envs={**tiny.ENVS, "SECRET_KEY": made}, before=note)
    assert red(timeline) == ["health check"]
    assert "another key" in " ".join(timeline.failed[0].log)
    assert first[0] not in str([(step.detail, step.log) for step in timeline.steps])


@pytest.mark.prove
def test_a_domain_that_is_not_heard(server: Server):
    def deaf(session: Session) -> None:
        fixed = {**session.wanted.envs, "ALLOWED_HOSTS": Given(session.host)}
        whole = session.environ
        session.wanted = replace(session.wanted, envs=fixed)
        session.environ = lambda port: {**whole(port), "ALLOWED_HOSTS": session.host}  # type: ignore[method-assign]

    timeline = play("custom-domain", before=deaf)
    assert red(timeline) == ["the domain answers"]
    assert timeline.failed[0].detail == "https://data.example.com answers 400"


def test_requests_that_are_dropped(server: Server):
    timeline = play("shutdown-under-load", "slow")
    assert red(timeline) == ["no request failed"]


@pytest.mark.prove
def test_an_app_that_never_answered_is_red_under_load(server: Server):
    def ail(session: Session) -> None:
        then("ill")(session)
        session.habits = replace(session.habits, boot_seconds=1)

    timeline = play("shutdown-under-load", before=ail)
    assert red(timeline) == ["health check"]
    assert [item.code for item in timeline.failed[0].findings] == ["MP974"]


@pytest.mark.prove
def test_an_app_that_does_not_end(server: Server):
    timeline = play("second-deploy", "deaf", shutdown_seconds=1)
    (step,) = [step for step in timeline.steps if step.name == "old release stops"]
    assert step.detail == "1 killed after 1 s"
