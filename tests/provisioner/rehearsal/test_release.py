"""A release: its step, its health check, what is found when it fails, and that the old one goes on meanwhile."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from provisioner.rehearsal import release as release_module
from provisioner.rehearsal.address import free_port
from provisioner.rehearsal.server import Server
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.timeline import Failed

from . import tiny


@pytest.fixture(autouse=True)
def settled_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a release fail soon after its answer stays as it is, so that the deadlines can be long."""
    monkeypatch.setattr(release_module, "SETTLED_SECONDS", 0.5)


def fails(session: Session) -> tuple[str, list[str]]:
    """Deploy, which fails; return the words and the findings' codes, and see that nothing is in service."""
    before = session.live
    with pytest.raises(Failed) as caught:
        session.deploy()
    assert session.live is before
    return str(caught.value), [item.code for item in caught.value.findings]


def failed(*ways: str, habits: dict[str, Any] | None = None, **more: Any) -> tuple[str, list[str]]:
    with tiny.session(tiny.wanted(*ways, **more), **{"boot_seconds": 15, **(habits or {})}) as session:
        return fails(session)


def code(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def test_a_release_step_that_passes(server: Server):
    with tiny.session(tiny.wanted(release=code("import os; print(os.environ['DATABASE_URL'])"))) as session:
        session.deploy()
        (step,) = [step for step in session.timeline.steps if step.name == "release step"]
        assert step.verdict == "passed"


def test_a_release_step_that_fails(server: Server):
    words, codes = failed(release=code("import sys; print('Error: no such table'); sys.exit(4)"))
    assert words == "it ended with status 4"
    assert codes == ["MP971"]


def test_a_release_step_that_tells_its_code(server: Server):
    assert failed(release=code("import sys; sys.exit('MP101 DATABASE_URL')"))[1] == ["MP101"]


def test_a_release_step_that_does_not_end(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(release_module, "RELEASE_SECONDS", 1)
    assert failed(release=code("import time; time.sleep(600)")) == ("it does not end", ["MP971"])


def test_a_release_step_that_is_too_big(server: Server):
    text = "import time; x = bytearray(80 << 20); x[::4096] = b'x' * len(x[::4096]); time.sleep(600)"
    words, codes = failed(release=code(text), memory_mb=40)
    assert codes == ["MP975"]
    assert words.startswith("it used ")


def test_healthy(server: Server):
    with tiny.session(tiny.wanted()) as session:
        release = session.deploy()
        (step,) = [step for step in session.timeline.steps if step.name == "health check"]
        assert step.detail == "/livez answers 200"
        assert step.memory_mb > 1
        release.check()
        assert session.peak_mb >= release.instances[0].peak_mb


@pytest.mark.parametrize(
    ("ways", "words", "found"),
    [
        (("lost",), "/livez answers 404", "MP974"),
        (("ill",), "/livez answers 500", "MP974"),
        (("odd-port",), "nothing listens on the port", "port-fixed"),
        (("loopback",), "nothing listens on the port", "bind-loopback"),
        (("hangs",), "nothing listens on the port", "MP973"),
        (("dies",), "r1.web.1 ended with status 1", "MP972"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_not_healthy(server: Server, ways, words, found):
    from provisioner.findings import rule

    said, codes = failed(*ways, habits={"boot_seconds": {"hangs": 2, "ill": 5}.get(ways[0], 15)})
    assert said.removeprefix("r1.") == words.removeprefix("r1.")
    assert codes == [rule(found).code]


def test_one_that_listens_and_is_slow_to_answer_has_until_the_deadline(server: Server, monkeypatch):
    monkeypatch.setattr(release_module, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(release_module, "SETTLED_SECONDS", 0.3)
    with tiny.session(tiny.wanted("late")) as session:
        session.deploy()
        (step,) = [step for step in session.timeline.steps if step.name == "health check"]
        assert step.detail == "/livez answers 200"
        assert step.seconds > 1


def test_a_prober_whose_host_is_refused(server: Server):
    from provisioner.findings import rule

    said, codes = failed(habits={"prober_host": "healthcheck.tiny.example"})
    assert said == "/livez answers 400"
    assert codes == [rule("host-check").code]


@pytest.mark.parametrize("change", [{"health": None}, {}])
def test_a_platform_that_looks_at_the_port_alone(server: Server, change):
    habits = {} if change else {"accepts": range(0)}
    with tiny.session(tiny.wanted("ill", **change), **habits) as session:
        session.deploy()
        (step,) = [step for step in session.timeline.steps if step.name == "health check"]
        assert step.detail == "the port is open"
        assert step.memory_mb > 0
    server.admin("DROP DATABASE app WITH (FORCE)")
    server.admin("DROP ROLE app")
    with tiny.session(tiny.wanted("hangs", **change), boot_seconds=1, **habits) as session:
        assert fails(session)[0] == "nothing listens on the port"


def test_an_app_that_is_too_big(server: Server):
    words, codes = failed("big", memory_mb=40)
    assert codes == ["MP975"]
    assert words.endswith(" MB")


def test_one_that_ends_while_it_serves(server: Server):
    with tiny.session(tiny.wanted()) as session:
        release = session.deploy(instances=2)
        release.instances[1].process.kill()
        release.instances[1].wait(10)
        with pytest.raises(Failed, match="ended while it served"):
            release.check()
        with pytest.raises(Failed, match="ended while it served"):
            session.stop()


@pytest.mark.parametrize("way", ["dies", "ill", "hangs"])
def test_the_old_release_serves_while_the_new_one_fails(server: Server, way: str):
    with tiny.session(tiny.wanted(), boot_seconds=15) as session:
        first = session.deploy()
        tiny.visitor(session).visit("/keep/first")
        then = session.wanted
        session.habits = tiny.replace(session.habits, boot_seconds=1)
        session.wanted = tiny.replace(session.wanted, command=tiny.command(way))
        fails(session)
        assert session.live is first
        assert tiny.visitor(session).visit("/note").body == "first"
        assert len(list((session.keeper.folder / "disks").iterdir())) == 1
        session.habits, session.wanted = tiny.replace(session.habits, boot_seconds=15), then
        session.deploy()
        assert tiny.visitor(session).visit("/note").body == "hello"
        assert len(list((session.keeper.folder / "disks").iterdir())) == 1


def test_ports_are_free_and_not_those_of_connections():
    ports = {free_port() for _ in range(50)}
    assert all(20000 <= port < 32768 for port in ports)
    assert len(ports) > 30
