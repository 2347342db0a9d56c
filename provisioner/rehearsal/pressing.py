"""The click itself: is the manifest fit for it, what is asked, and what is made up."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from provisioner.findings import Finding, finding
from provisioner.lint.document import Document
from provisioner.lint.engine import ENDINGS, lint_text

from .timeline import Failed, Timeline
from .wanted import Asked, MadeUp, Runtime, Wanted

# Warnings of the linter that are red here. Without a health check a broken release takes over; the others leave people
# or data open to strangers, or let a deploy fail half-way. What the run itself shows (a port, a slow boot), and what is
# a matter of taste or of later (an image without a digest, a plan that is not named), is left to the linter.
STOPPING = frozenset(
    {"health-missing", "host-check", "migrate-early", "tls-off", "database-open", "container-privileged"}
)
MOST_INSTANCES = 5
LONGEST_SECONDS = 1800
_SHELL, _SEVERAL = frozenset("$~*?\"'"), frozenset(";&|<>()`\n=")


@dataclass(frozen=True, slots=True)
class Placed(Finding):
    """A finding with its place in a manifest; `line` counts from 1."""

    file: str = ""
    line: int = 1


def platform_of(runtime: Runtime) -> str:
    """Return the name of the platform that this room belongs to."""
    parts = str(getattr(runtime, "__name__", "")).split(".")
    return parts[-2] if len(parts) > 1 else ""


def press(
    timeline: Timeline,
    runtime: Runtime,
    documents: Mapping[str, Document],
    answers: Mapping[str, str],
    command: str | None = None,
) -> Wanted:
    """Press the button; return what is to be made. Raises Failed."""
    with timeline.step("the click") as step:
        platform = platform_of(runtime)
        found = list(_stopping(documents, platform))
        if found:
            said = "1 finding" if len(found) == 1 else f"{len(found)} findings"
            raise Failed(f"the manifest is not fit for a click: {said}", *found)
        try:
            wanted = runtime.read(documents)
        except (ValueError, LookupError, TypeError, AttributeError) as problem:
            reason = str(problem) or type(problem).__name__
            raise Failed(reason, finding("manifest-refused", runtime.MANIFESTS[0], reason=reason)) from None
        if command:
            wanted = replace(wanted, command=as_command(command))
        missing = [
            name for name, origin in asked(wanted).items() if origin.required and not _answer(name, origin, answers)
        ]
        if missing:
            rows = [finding("answer-missing", name, platform=platform or None) for name in missing]
            raise Failed(f"no answer for {', '.join(missing)}", *rows)
        asked_for, wanted = wanted, _bounded(wanted)
        step.detail = "; ".join([_described(wanted, answers), *_reduced(asked_for, wanted)])
    return wanted


def asked(wanted: Wanted) -> dict[str, Asked]:
    """Return what the person is asked, by variable."""
    return {name: origin for name, origin in wanted.envs.items() if isinstance(origin, Asked)}


def as_command(text: str) -> tuple[str, ...]:
    """Return a command as it is started: through a shell only where it needs one.

    `exec` lets the server itself get SIGTERM, and not a shell before it.
    """
    if _SEVERAL & set(text):
        return ("sh", "-c", text)
    return ("sh", "-c", f"exec {text}") if _SHELL & set(text) else tuple(shlex.split(text))


def _answer(name: str, origin: Asked, answers: Mapping[str, str]) -> str:
    return answers.get(name) or origin.default


def _stopping(documents: Mapping[str, Document], platform: str) -> Iterator[Placed]:
    for document in documents.values():
        if not document.path.endswith(ENDINGS):
            continue  # a Dockerfile or a program; the run shows what it does
        for mark in lint_text(document.path, document.text, platform or None).marks:
            item = mark.finding
            if item.severity == "error" or item.kind in STOPPING:
                yield Placed(
                    item.code, item.kind, item.severity, item.variable, item.message, item.hint, item.entry,
                    file=mark.file or document.path, line=mark.line,
                )  # fmt: skip


def _bounded(wanted: Wanted) -> Wanted:
    """Return what one machine can rehearse, in a time that somebody waits: a manifest may ask for any number."""
    boot = wanted.boot_seconds
    return replace(
        wanted,
        instances=min(wanted.instances, MOST_INSTANCES),
        boot_seconds=min(boot, LONGEST_SECONDS) if boot is not None else None,
        shutdown_seconds=min(wanted.shutdown_seconds, LONGEST_SECONDS),
    )


def _reduced(asked_for: Wanted, wanted: Wanted) -> Iterator[str]:
    if wanted.instances != asked_for.instances:
        yield f"rehearses {wanted.instances} of {asked_for.instances} instances"
    if wanted.boot_seconds != asked_for.boot_seconds:
        yield f"waits {wanted.boot_seconds} of {asked_for.boot_seconds} s for the health check"
    if wanted.shutdown_seconds != asked_for.shutdown_seconds:
        yield f"waits {wanted.shutdown_seconds} of {asked_for.shutdown_seconds} s for the end"


def _described(wanted: Wanted, answers: Mapping[str, str]) -> str:
    questions = [
        f"{name} ({'answered' if answers.get(name) else 'its default' if origin.default else 'left empty'})"
        for name, origin in asked(wanted).items()
    ]
    made = [name for name, origin in wanted.envs.items() if isinstance(origin, MadeUp)]
    parts = [
        f"asks for {', '.join(questions)}" if questions else "asks nothing",
        f"makes up {', '.join(made)}" if made else "",
        f"makes the database {wanted.dbname}" if wanted.database else "",
    ]
    return "; ".join(filter(None, parts))
