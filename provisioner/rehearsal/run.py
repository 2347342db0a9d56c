"""One scenario on one platform, from the click to the end, and what came of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.findings import Finding, finding
from provisioner.lint.document import Document

from .container import Image
from .keeper import Keeper
from .masking import Secrets
from .pressing import platform_of, press
from .scenarios import Scenario
from .session import Session
from .timeline import Failed, Step, Timeline
from .wanted import Runtime
from .witness import MathesarWitness, Witness

RESERVED = 3  # connections that PostgreSQL keeps for its superusers


@dataclass(slots=True)
class Outcome:
    """What came of one scenario on one platform. Memory in MiB, 0 where it never ran; `limit` in connections."""

    platform: str
    label: str
    scenario: str
    shows: str
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0
    memory_mb: float = 0.0
    plan_mb: int = 0
    connections: int = 0
    limit: int = 0

    @property
    def passed(self) -> bool:
        """Whether every step came out as it must."""
        return bool(self.steps) and all(step.verdict in ("passed", "expected") for step in self.steps)


def rehearse(
    runtime: Runtime,
    documents: Mapping[str, Document],
    scenario: Scenario,
    *,
    answers: Mapping[str, str] | None = None,
    witness: Witness | None = None,
    source: Path | None = None,
    tell: Callable[[Step], None] | None = None,
    command: str | None = None,
    image: Image | None = None,
    stay: Callable[[Session], None] | None = None,
) -> Outcome:
    """Press the button with these manifests, and play the scenario; nothing is left behind, whatever happens.

    Without a `witness` the app is Mathesar. `source` is the folder of the app's code, `command` its web command in
    place of the manifest's, `image` runs in place of the installed package; `stay` is called with the session after a
    green scenario, before all is ended.
    """
    secrets = Secrets(answers or {})

    def told(step: Step) -> None:
        secrets.mask(step)
        if tell is not None:
            tell(step)

    habits = runtime.HABITS
    outcome = Outcome(platform_of(runtime), habits.label, scenario.name, scenario.shows)
    outcome.limit = habits.connection_limit - RESERVED
    timeline, begun = Timeline(told), time.monotonic()
    timeline.scenario, outcome.steps = scenario.name, timeline.steps
    try:
        wanted = press(timeline, runtime, documents, answers or {}, command)
        outcome.plan_mb = wanted.memory_mb
        with (
            Keeper() as keeper,
            Session(wanted, habits, keeper, timeline, answers=answers, source=source, image=image) as session,
        ):
            secrets.session = session
            session.prepare()
            session.deploy()
            _limits(session, outcome)
            scenario.play(session, witness or MathesarWitness())
            _limits(session, outcome)
            if stay is not None and not timeline.failed:
                with timeline.paused() as pause:
                    stay(session)
                begun += pause.seconds
            session.stop()
    except Failed:
        pass  # the timeline has it
    except Exception as problem:
        # Made a step of, so that it is reported as everything else is.
        with contextlib.suppress(Failed), timeline.step("unexpected"):
            raise problem
    finally:
        outcome.seconds = time.monotonic() - begun
        outcome.memory_mb = max([outcome.memory_mb, *(step.memory_mb for step in timeline.steps)])
        outcome.connections = max([outcome.connections, *(step.connections for step in timeline.steps)])
        for step in timeline.steps:
            secrets.mask(step)
    return outcome


def _limits(session: Session, outcome: Outcome) -> None:
    """Compare what was used with the plan's memory and the database's connections. Raises Failed."""
    with session.timeline.step("limits") as step:
        live = session.live
        instances = live.instances if live is not None else []
        for instance in instances:
            instance.measure()
        plan = live.wanted.memory_mb if live is not None else session.wanted.memory_mb
        step.memory_mb = max((instance.peak_mb for instance in instances), default=0.0)
        step.connections = session.gate.most
        words = f"{step.memory_mb:.0f} of {plan} MB, {step.connections} of {outcome.limit} connections"
        found: list[Finding] = []
        if step.memory_mb > plan:
            found.append(finding("out-of-memory", "plan"))
        if step.connections > outcome.limit:
            numbers = {"most": str(step.connections), "limit": str(outcome.limit)}
            found.append(finding("connections-over", "WEB_CONCURRENCY", **numbers))
        if found:
            raise Failed(words, *found)
        step.detail = words
