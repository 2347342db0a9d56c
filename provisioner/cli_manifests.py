"""``provisioner manifests`` and ``lint``: the files that platforms read, written and judged."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .terminal import colored, width

if TYPE_CHECKING:
    from .lint.engine import Linted
    from .manifests import Drift
    from .spec import AppSpec

FORMATS = ("text", "json", "sarif", "github")


@click.command(short_help="Write the files that platforms read, or check them.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 where a file differs.")
@click.option("--diff", "show_diff", is_flag=True, help="Show what differs.")
@click.option("--platform", metavar="P", multiple=True, help="These platforms alone; may be given several times.")
@click.option("--image", metavar="REF", help="Deploy this published image (name@sha256:…), not a build.")
@click.option("--name", metavar="N", default="mathesar", show_default=True, help="The name of this install.")
@click.option("--repo", metavar="URL", help="The repository to build from and to link to.")
@click.option("--output", metavar="DIR", default=".", show_default=True, help="The folder to write to or to check.")
def manifests(
    only_check: bool,
    show_diff: bool,
    platform: tuple[str, ...],
    image: str | None,
    name: str,
    repo: str | None,
    output: str,
) -> None:
    """Write the files that platforms read, or check those that are there.

    Exit status: 0 all as generated; 1 some are not (with --check); 2 wrong usage.
    """
    from .findings import UnknownPlatform
    from .manifests import Unmakeable, drifted, generate, write

    spec = make_spec(image, name, repo)
    try:
        files = generate(spec, platform or None)
    except UnknownPlatform as unknown:
        raise click.BadParameter(str(unknown), param_hint="'--platform'") from None
    except Unmakeable as problem:
        raise click.UsageError(f"{problem}. Leave it out with --platform.") from None
    try:
        drifts = drifted(files, Path(output))
        if show_diff:
            click.echo("".join(drift.diff for drift in drifts), nl=False)
        if not only_check:
            write(files, Path(output))
    except OSError as problem:
        raise click.ClickException(f"{problem.filename}: {problem.strerror}") from None
    _say(drifts, len(files), only_check)
    raise SystemExit(int(only_check and bool(drifts)))


def make_spec(image: str | None, name: str, repo: str | None) -> AppSpec:
    """Return Mathesar's spec for these options. Raises click.BadParameter, naming the option."""
    from pydantic import ValidationError

    from .spec_mathesar import REPOSITORY, mathesar

    try:
        return mathesar(name=name, image=image, repository=repo or REPOSITORY)
    except ValidationError as problem:
        first = problem.errors()[0]
        option = {"name": "--name", "source": "--image", "repository": "--repo"}.get(str(first["loc"][0]), "")
        words = str(first["msg"]).removeprefix("Value error, ")
        if option == "--repo":
            words = "a repository is named as https://host/owner/name"
        raise click.BadParameter(words, param_hint=f"'{option}'") from None


def _say(drifts: tuple[Drift, ...], total: int, only_check: bool) -> None:
    for drift in drifts:
        if only_check:
            words = "missing" if drift.state == "missing" else "not as generated"
        else:
            words = "written" if drift.state == "missing" else "written anew"
        click.echo(f"{drift.file.path}: {words} ({drift.file.platform})")
    if not drifts:
        click.echo(f"{total} files are as generated.")
    elif only_check:
        click.echo(f"{len(drifts)} of {total} files differ: run `provisioner manifests`.", err=True)


@click.command(short_help="Judge anybody's manifests and deploy buttons.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--platform", metavar="P", help="Take the files for this platform's instead of recognising them.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
def lint(paths: tuple[str, ...], platform: str | None, fmt: str, strict: bool) -> None:
    """Judge anybody's manifests and deploy buttons: files, or all that a folder holds (by default this one).

    Exit status: 0 nothing wrong, or warnings alone; 1 errors among the findings; 2 wrong usage.
    """
    from .findings import UnknownPlatform
    from .lint.report import counts, render

    try:
        files = [_linted(path, platform, named=path in paths) for path in _files(paths or (".",))]
    except UnknownPlatform as unknown:
        raise click.BadParameter(str(unknown), param_hint="'--platform'") from None
    if not files:
        raise click.UsageError(f"no manifest of a known platform in {', '.join(paths or ('this folder',))}")
    click.echo(render(files, fmt, color=colored(), width=width()), nl=False, color=True)
    errors, warnings = counts(files)
    sys.exit(int(bool(errors or (strict and warnings))))


def _files(paths: tuple[str, ...]) -> list[str]:
    from .lint.engine import manifests_in

    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):  # unlike Path's, it never raises
            found += [str(file) for file in manifests_in(Path(path))]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _linted(path: str, platform: str | None, *, named: bool) -> Linted:
    """Lint one file. One that was `named` has to be there; of what a folder holds, any may be closed to us."""
    from .lint.document import Unreadable
    from .lint.engine import lint_text, unreadable
    from .lint.marks import printable
    from .lint.readme import ENDING

    shown = printable(path)
    try:
        data = Path(path).read_bytes()
    except OSError as problem:
        if named:
            raise click.BadParameter(f"{shown}: {problem.strerror}", param_hint="PATH") from None
        return unreadable(shown, Unreadable(f"the system says: {problem.strerror}"), platform)
    try:
        # Of a README only links are looked at, and those are ASCII.
        text = data.decode(errors="replace" if path.lower().endswith(ENDING) else "strict")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        return unreadable(shown, Unreadable("it is not UTF-8 text", line), platform)
    return lint_text(shown, text, platform)
