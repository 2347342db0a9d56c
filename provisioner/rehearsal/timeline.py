"""What happened when: steps with a verdict, measured, and told while they happen."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from provisioner.findings import Finding

Verdict = Literal["running", "passed", "expected", "failed"]  # expected: it failed, as the scenario wants


@dataclass(slots=True)
class Step:
    """One step. `began` and `seconds` count from the timeline's start; memory in MiB."""

    name: str
    scenario: str
    began: float
    seconds: float = 0.0
    verdict: Verdict = "running"
    detail: str = ""
    memory_mb: float = 0.0
    connections: int = 0
    findings: list[Finding] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Pause:
    """How long a pause was, once it is over."""

    seconds: float = 0.0


class Failed(Exception):
    """A step did not come out as the platform needs it; `findings` say why, `log` holds the lines that matter."""

    def __init__(self, words: str, *findings: Finding, log: tuple[str, ...] | list[str] = ()) -> None:
        super().__init__(words)
        self.findings, self.log = findings, list(log)


class Timeline:
    """The steps of one rehearsal; `tell` hears of each as it begins and as it ends."""

    def __init__(self, tell: Callable[[Step], None] | None = None) -> None:
        self.steps: list[Step] = []
        self.scenario = ""
        self._expecting = False
        self._tell = tell or (lambda step: None)
        self._begun = time.monotonic()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run the block as one step. Whatever it raises is recorded, and goes on as Failed."""
        made = Step(name, self.scenario, time.monotonic() - self._begun)
        self.steps.append(made)
        self._tell(made)
        try:
            yield made
        except Failed as problem:
            made.verdict, made.detail = "expected" if self._expecting else "failed", str(problem)
            made.findings += problem.findings
            made.log += problem.log
            raise
        except Exception as problem:
            expected = isinstance(problem, (OSError, RuntimeError, ValueError))
            kind = type(problem).__name__
            made.verdict, made.detail = "failed", str(problem) or kind
            if not expected:
                made.detail = f"{kind}: {problem}"
                places = traceback.extract_tb(problem.__traceback__)[-3:]
                made.log += [f"{Path(each.filename).name}, line {each.lineno}, in {each.name}" for each in places]
            raise Failed(made.detail) from problem
        else:
            made.verdict = "passed"
        finally:
            made.seconds = time.monotonic() - self._begun - made.began
            if made.verdict == "running":
                made.verdict, made.detail = "failed", "interrupted"
            self._tell(made)

    @contextlib.contextmanager
    def paused(self) -> Iterator[Pause]:
        """Within the block the clock stands: how long somebody looks is no part of the rehearsal."""
        pause, begun = Pause(), time.monotonic()
        try:
            yield pause
        finally:
            pause.seconds = time.monotonic() - begun
            self._begun += pause.seconds

    @contextlib.contextmanager
    def expecting(self) -> Iterator[None]:
        """Within the block a step that fails is what the scenario wants."""
        self._expecting = True
        try:
            yield
        finally:
            self._expecting = False

    @property
    def failed(self) -> list[Step]:
        """The steps that did not pass."""
        return [step for step in self.steps if step.verdict == "failed"]
