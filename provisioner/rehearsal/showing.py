"""The rehearsals of one call: told while they happen, then written down."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

import click

import provisioner
from provisioner.findings import Finding
from provisioner.page import Page
from provisioner.terminal import colored, width

from . import powers, report_html, report_json
from .container import Image, built, runnable
from .loading import Subject, Unusable
from .report_text import Live, failures, finding_lines, plain, summary
from .run import Outcome, rehearse
from .scenarios import Scenario
from .staying import Staying, until_changed
from .witness import RowWitness

BUILT_IMAGE, NO_IMAGE = "built", "none"


class Showing:
    """The rehearsals of one call, told and written down."""

    def __init__(
        self, found: Sequence[Subject], scenarios: Sequence[Scenario], answers: dict[str, str], command: str | None,
        source: Path | None, json_file: str | None, html_file: str | None, quiet: bool,
        image: str = NO_IMAGE,
    ) -> None:  # fmt: skip
        self.found, self.scenarios, self.answers = found, scenarios, answers
        self.command, self.source, self.quiet = command, source, quiet
        self.json_file, self.html_file = json_file, html_file
        self.stream = sys.stderr if json_file == "-" else sys.stdout
        self.color = colored() and json_file != "-"
        self.wanted_image = image
        self.unicode = _shows("✓✗…→", self.stream.encoding)

    def say(self, text: str) -> None:
        """Write a line to where people read."""
        self.write(f"{text}\n")

    def write(self, text: str) -> None:
        # Whatever an app's log or a path holds, a terminal or pipe without its signs gets question marks.
        encoding = self.stream.encoding or "ascii"
        shown = (text if self.unicode else plain(text)).encode(encoding, "replace").decode(encoding)
        click.echo(shown, nl=False, file=self.stream, color=self.color)
        self.stream.flush()

    def warn(self, findings: Sequence[Finding]) -> None:
        """Say what is to be known about this call itself, before anything is rehearsed."""
        self.write("".join(f"{line}\n" for line in finding_lines(Page(self.color, width()), findings)))

    def ended(self) -> None:
        """Say that somebody ended it; on a line of its own."""
        self.say("\nInterrupted. Nothing is left running.")

    def once(self, *, keep: bool = False, claimed: bool = True) -> int:
        """Rehearse everything; return the exit status."""
        terminal = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        image = self.image()
        if image is None:
            self._say_powers()
        pairs = self._fitting()
        live = Live(self.write, len(pairs), color=self.color, width=width(), inplace=terminal)
        outcomes: list[Outcome] = []
        for number, (subject, scenario) in enumerate(pairs, 1):
            last = number == len(pairs) and all(item.passed for item in outcomes)
            stay = Staying(self.say, foreign=self.source is not None, claimed=claimed) if keep and last else None
            if not self.quiet:
                live.begin(subject.runtime.HABITS.label, scenario.name, scenario.shows)
            outcome = rehearse(
                subject.runtime,
                subject.documents(),
                scenario,
                answers=self.answers,
                witness=RowWitness() if self.source is not None else None,
                source=self.source,
                tell=None if self.quiet else live.tell,
                command=self.command,
                image=image,
                stay=stay,
            )
            outcomes.append(outcome)
            if self.quiet:
                self.write(failures(outcome, color=self.color, width=width()))
        self.write(
            ("" if self.quiet else "\n") + summary(outcomes, color=self.color, width=width(), table=not self.quiet)
        )
        self.report(outcomes)
        return int(not all(item.passed for item in outcomes))

    def image(self) -> Image | None:
        """Return the image to run, and say what runs. Raises Unusable where the one that was asked for cannot run."""
        if self.wanted_image == NO_IMAGE or (self.source is not None and self.wanted_image == BUILT_IMAGE):
            return None  # what is built here is Mathesar
        if self.wanted_image != BUILT_IMAGE:
            image, reason = runnable(self.wanted_image)
            if image is None:
                raise Unusable(reason)
        else:
            image, reason = built(Path(provisioner.__file__).resolve().parents[1])
        if not self.quiet:
            self.say(
                f"Runs the image {image.name} ({image.engine})."
                if image
                else f"Runs the installed package; no image: {reason}."
            )
        return image

    def _say_powers(self) -> None:
        words = powers.beyond_ordinary(self.source)
        if words and not (self.quiet and self.source is None):
            self.say("\n".join(Page(False, width()).wrap(words, "", "")))

    def _fitting(self) -> list[tuple[Subject, Scenario]]:
        """Return what is to be rehearsed; of a foreign app, say what is not for it. Raises Unusable for nothing."""
        pairs = []
        for subject in self.found:
            wanted = subject.wanted() if self.source is not None else None
            for scenario in self.scenarios:
                reason = scenario.unfit(wanted) if wanted is not None else ""
                if reason:
                    self.say(f"{subject.runtime.HABITS.label}: {scenario.name}: {reason}.")
                else:
                    pairs.append((subject, scenario))
        if not pairs:
            raise Unusable("none of these scenarios is for this app")
        return pairs

    def report(self, outcomes: Sequence[Outcome]) -> None:
        """Write the reports that were asked for."""
        if self.json_file is not None:
            _put(self.json_file, report_json.render(outcomes))
        if self.html_file is not None:
            when = f"{datetime.now(timezone.utc):%d %B %Y, %H:%M} UTC".lstrip("0")
            _put(self.html_file, report_html.render(outcomes, when))

    def watch(self) -> int:
        """Rehearse, and again whenever a manifest changes; Ctrl-C between two rehearsals ends it."""
        status, again = 0, False
        while True:
            stamps = [subject.stamp() for subject in self.found]
            try:
                status = self.once()
            except Unusable as problem:
                if not again:
                    raise
                self.say(f"{problem}.")  # an editor may be in the middle of writing it
                status = 1
            again = True
            self.say(
                "\nWatching " + ", ".join(path for subject in self.found for path in subject.files) + "; Ctrl-C ends.\n"
            )
            try:
                until_changed(self.found, stamps)
            except KeyboardInterrupt:
                self.say("")
                return status


def _put(path: str, text: str) -> None:
    if path == "-":
        click.echo(text.encode(errors="replace"), nl=False)  # JSON is UTF-8, whatever a terminal speaks
        return
    try:
        Path(path).write_bytes(text.encode(errors="replace"))
    except OSError as problem:
        raise click.ClickException(f"{path}: {problem.strerror}") from None


def _shows(signs: str, encoding: str | None) -> bool:
    try:
        signs.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
