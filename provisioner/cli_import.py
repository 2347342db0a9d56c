"""``provisioner import``: an older install's configuration as today's variables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .terminal import colored, width

if TYPE_CHECKING:
    from .importing.outcome import Imported, Read


@click.command("import", short_help="Turn an older install's .env into today's variables.")
@click.argument("path", metavar="PATH")
@click.option("--platform", metavar="P", default="none", show_default=True, help="For this platform; none: a machine.")
@click.option("--format", "fmt", type=click.Choice(("env", "json")), default="env", show_default=True)
@click.option("--out", metavar="FILE", help="Write the variables here, with their values; - is standard output.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def import_(path: str, platform: str, fmt: str, out: str | None, force: bool) -> None:
    """Turn an older install's .env or docker-compose.yml into today's variables.

    PATH is either file, a folder that holds one, or - for standard input. Says what became of every variable, and
    what would run; shows no value. With --format json both the report and the file are JSON: the file has the
    new values under variables, and under left the old ones that were not taken over.

    Exit status: 0 nothing wrong, or warnings alone; 1 an error; 2 wrong usage.
    """
    from .findings import UnknownPlatform
    from .importing.convert import convert
    from .importing.report import render

    read = _read(path)
    if out is not None and out != "-":
        _guard(out, read)
    try:
        imported = convert(read, None if platform == "none" else platform)
    except UnknownPlatform as unknown:
        raise click.BadParameter(f"{unknown}, none", param_hint="'--platform'") from None
    if out is not None:
        _write(imported, fmt, out, force)
    to_stderr = out == "-"
    report = render(
        imported,
        "json" if fmt == "json" else "text",
        written="standard output" if to_stderr else out,
        color=colored() and not to_stderr,
        width=width(),
    )
    click.echo(report, nl=False, color=True, err=to_stderr)
    raise SystemExit(int(imported.failed))


def _guard(out: str, read: Read) -> None:
    """Refuse to write over a file that was read, and what may be a password in place of a path."""
    if "://" in out:
        raise click.BadParameter("it is a URL, not a path", param_hint="'--out'")
    if Path(out).resolve() in read.files:
        raise click.BadParameter("it is the old file itself, or one that is read with it", param_hint="'--out'")


def _read(path: str) -> Read:
    from .importing.source import LARGEST, SourceError, decoded, read_source, read_text

    try:
        if path == "-":
            return read_text(decoded(sys.stdin.buffer.read(LARGEST + 1), "standard input"), "standard input")
        return read_source(Path(path))
    except SourceError as problem:
        raise click.BadParameter(str(problem), param_hint="PATH") from None


def _write(imported: Imported, fmt: str, out: str, force: bool) -> None:
    from .importing.writing import Exists, render, write

    text = render(imported, fmt)
    if out == "-":
        click.echo(text, nl=False)
        return
    try:
        write(text, Path(out), force=force)
    except Exists:
        raise click.BadParameter(f"{out} is there already; --force overwrites it", param_hint="'--out'") from None
    except OSError as problem:
        raise click.BadParameter(f"{out}: {problem.strerror}", param_hint="'--out'") from None
