"""``provisioner rehearse``: press a platform's deploy button on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .terminal import width

if TYPE_CHECKING:
    from .findings import Finding
    from .rehearsal.loading import Subject
    from .rehearsal.scenarios import Scenario

INTERRUPTED, TERMINATED = 130, 143  # 128 and the signal's number, as shells say it


@click.command(short_help="Press a platform's deploy button on this machine.")
@click.argument("platforms", metavar="PLATFORM...", nargs=-1)
@click.option("--scenario", "names", metavar="NAME", multiple=True, help="This scenario alone; may be given again.")
@click.option("--root", metavar="DIR", help="The repository with the manifests; by default this folder.")
@click.option("--manifest", metavar="FILE", help="Somebody's manifest, in place of the repository's own.")
@click.option("--command", metavar="CMD", help="The web command, in place of the manifest's.")
@click.option(
    "--image",
    metavar="REF",
    default="built",
    show_default=True,
    help="This image; `built` is what `make images` made, else the package; `none` is the package.",
)
@click.option(
    "--answer",
    "given",
    metavar="NAME[=VALUE]",
    multiple=True,
    help="What you would type when asked; NAME alone takes it from the environment, where no shell's history keeps it.",
)
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults, and trust the app.")
@click.option("--json", "json_file", metavar="FILE", help="Write the report as JSON; - for standard output.")
@click.option("--html", "html_file", metavar="FILE", help="Write the report as a page to send to somebody.")
@click.option("--keep", is_flag=True, help="Leave the app running when all is green, and say where.")
@click.option("--watch", is_flag=True, help="Rehearse again each time a manifest changes.")
@click.option("--quiet", is_flag=True, help="Say what failed and the verdict, no steps.")
@click.option("--list", "listed", is_flag=True, help="List the scenarios.")
def rehearse(
    platforms: tuple[str, ...], names: tuple[str, ...], root: str | None, manifest: str | None, command: str | None,
    given: tuple[str, ...], yes: bool, json_file: str | None, html_file: str | None, keep: bool, watch: bool,
    quiet: bool, listed: bool, image: str,
) -> None:  # fmt: skip
    """Press a platform's deploy button on this machine, with its manifest; `all` is every platform.

    It does with the manifest what the platform would: asks, makes secrets and a database, releases, checks the health,
    ends TLS. Then it plays the scenarios. Without --scenario all are played, with --keep or --watch the first deploy.

    Exit status: 0 all green; 1 something red; 2 wrong usage.
    """
    from .rehearsal.loading import Unusable, check_foreign, is_mathesar, subjects
    from .rehearsal.scenarios import SCENARIOS
    from .rehearsal.showing import BUILT_IMAGE, NO_IMAGE, Showing
    from .rehearsal.staying import Terminated, deployed_only, terminable

    if listed:
        _list(SCENARIOS.values())
        return
    if not platforms:
        raise click.UsageError("Name a platform, or all.")
    if unknown := [name for name in names if name not in SCENARIOS]:
        raise click.BadParameter(
            f"no scenario {unknown[0]!r}; known: {', '.join(SCENARIOS)}", param_hint="'--scenario'"
        )
    if keep and watch:
        raise click.UsageError("Give one of --keep and --watch.")
    for option, file in (("--json", json_file), ("--html", html_file)):
        if file is not None and (reason := _unwritable(file)):
            raise click.BadParameter(f"{file}: {reason}", param_hint=f"'{option}'")
    folder = Path(root) if root else Path(manifest).parent if manifest else Path()
    ours = not manifest and not command and is_mathesar(folder)
    source = None if ours else folder.absolute()
    try:
        found = subjects(platforms, folder.absolute(), Path(manifest).absolute() if manifest else None)
        if keep and len(found) != 1:
            raise Unusable("--keep leaves one platform's app running: name that platform alone")
        if source is not None and image in (BUILT_IMAGE, NO_IMAGE):
            check_foreign(found, source, command=command, trusted=yes)
        answers, exposed = _answers(given, found, ask=not (yes or quiet or watch) and sys.stdin.isatty())
    except Unusable as problem:
        raise click.UsageError(f"{problem}.") from None
    chosen = [SCENARIOS[name] for name in dict.fromkeys(names)] or list(SCENARIOS.values())
    if not names and (keep or watch):
        chosen = [deployed_only() if keep else SCENARIOS["first-deploy"]]
    run = Showing(found, chosen, answers, command, source, json_file, html_file, quiet, image)
    run.warn(exposed)
    try:
        with terminable():
            status = run.watch() if watch else run.once(keep=keep, claimed=bool(names))
    except Unusable as problem:
        raise click.UsageError(f"{problem}.") from None
    except KeyboardInterrupt:
        run.ended()
        raise SystemExit(INTERRUPTED) from None
    except Terminated:
        run.ended()
        raise SystemExit(TERMINATED) from None
    raise SystemExit(status)


def _unwritable(file: str) -> str:
    """Return why a report cannot be written there, so that nobody waits for it; empty where it can."""
    path = Path(file)
    if file == "-":
        return ""
    if path.is_dir():
        return "it is a folder"
    if not path.parent.is_dir():
        return "there is no such folder"
    return "" if os.access(path if path.exists() else path.parent, os.W_OK) else "it may not be written"


def _list(scenarios: Iterable[Scenario]) -> None:
    from .page import Page

    page = Page(False, width())
    for item in scenarios:
        lead = f"{item.name:<24}"
        page.lines += page.wrap(item.shows, lead, " " * 24)
    click.echo("\n".join(page.lines))


def _answers(given: Sequence[str], found: Sequence[Subject], *, ask: bool) -> tuple[dict[str, str], list[Finding]]:
    """Return the answers, and a warning for each secret that stands in this command's arguments."""
    from .findings import finding
    from .rehearsal.masking import harmless
    from .secret_names import bears_secret

    answers, exposed = {}, []
    questions = {name: origin for subject in found for name, origin in subject.asks().items()}
    for row in given:
        name, sign, value = row.partition("=")
        if not name:
            raise click.BadParameter("write NAME=VALUE, or NAME alone", param_hint="'--answer'")
        if name not in questions:
            known = f"it asks for {', '.join(questions)}" if questions else "it asks for nothing"
            raise click.BadParameter(f"nobody asks for {name}; {known}", param_hint="'--answer'")
        if not sign and name not in os.environ:
            raise click.BadParameter(f"{name} is not in the environment", param_hint="'--answer'")
        if value and bears_secret(name, value):
            exposed.append(finding("answer-in-arguments", name))
        answers[name] = value if sign else os.environ[name]
    for name, origin in questions.items():
        if ask and name not in answers:
            words = f"{name}, {harmless(origin.description)}" if origin.description else name
            hide = bears_secret(name, "") and not origin.default
            # A stranger wrote the default, too: it is shown as words, and taken as it is.
            words += f" [{harmless(origin.default)}]" if origin.default else ""
            answers[name] = click.prompt(words, default=origin.default, hide_input=hide, err=True, show_default=False)
    return {name: value for name, value in answers.items() if value}, exposed
