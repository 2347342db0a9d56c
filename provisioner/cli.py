"""``provisioner``: what an environment and a platform's files mean, before anything runs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from .cli_buttons import buttons
from .cli_doctor import doctor
from .cli_import import import_
from .cli_manifests import lint, manifests
from .cli_rehearse import rehearse
from .terminal import colored, width

if TYPE_CHECKING:
    from .configuration import Configuration
    from .report import Source

FORMATS = ("text", "json", "sarif", "github")


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"provisioner {version('mathesar')}")
        ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
def main() -> None:
    """Say what would run on a platform, and everything that would go wrong, before it does."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows another one; it never stops the report.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]


@main.command()
@click.option("--env-file", metavar="F", help="Read NAME=value lines from here, not the environment.")
@click.option("--config", metavar="C", help="Read this configuration file, not the usual one.")
@click.option("--platform", metavar="P", help="Take this platform instead of detecting one.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="text", show_default=True)
def check(env_file: str | None, config: str | None, platform: str | None, fmt: str) -> None:
    """Check an environment and its configuration file; touch no network.

    The file is --config, else MATHESAR_CONFIG, else /etc/mathesar/mathesar.toml where it exists (not with --env-file,
    which may be of another machine). The environment goes before it.

    Exit status: 0 nothing wrong, or warnings alone; 1 errors among the findings; 2 wrong usage.
    """
    from .findings import UnknownPlatform
    from .report import render

    configuration = _configuration(env_file, config)
    try:
        result = configuration.examine(platform=platform)
    except UnknownPlatform as unknown:
        raise click.BadParameter(str(unknown), param_hint="'--platform'") from None
    text = render(
        result.findings,
        fmt,
        plan=result.plan,
        color=colored(),
        width=width(),
        stopping=result.stopping,
        source=configuration.source,
    )
    click.echo(text, nl=False, color=True)
    raise SystemExit(int(any(item.severity == "error" for item in result.findings)))


for command in (doctor, manifests, lint, buttons, rehearse, import_):
    main.add_command(command)


@main.command()
@click.argument("name", metavar="CODE|VARIABLE")
def explain(name: str) -> None:
    """Explain a code (MP101) or a variable (DATABASE_URL)."""
    from .explain import Unknown
    from .explain import explain as explanation

    try:
        click.echo(explanation(name, width=width()), nl=False)
    except Unknown as unknown:
        raise click.UsageError(str(unknown)) from None


def _configuration(env_file: str | None, config: str | None) -> Configuration:
    """Return what is in force: the variables, the configuration file behind them, and where each was read."""
    from dataclasses import replace

    from .configuration import IMPLICIT, configure

    environ, rest = _environment(env_file)
    found = configure(environ, named=config, implicit=None if env_file else IMPLICIT)
    return replace(found, source=replace(found.source, rest=rest) if found.source else rest)


def _environment(env_file: str | None) -> tuple[dict[str, str], Source | None]:
    """Return the variables, and where they were read where that is a file."""
    if env_file is None:
        return dict(os.environ), None
    from .env_file import EnvFileError, read_env_file
    from .report import Source

    try:
        with open(env_file, encoding="utf-8") as file:
            values = read_env_file(file.read())
    except OSError as problem:
        raise click.BadParameter(f"{env_file}: {problem.strerror}", param_hint="'--env-file'") from None
    except UnicodeDecodeError:
        raise click.BadParameter(f"{env_file}: it is not UTF-8 text", param_hint="'--env-file'") from None
    except EnvFileError as problem:
        raise click.BadParameter(f"{env_file}: {problem}", param_hint="'--env-file'") from None
    source = Source(env_file, {name: line for name, (_, line) in values.items()})
    return {name: value for name, (value, _) in values.items()}, source


if __name__ == "__main__":
    main()
