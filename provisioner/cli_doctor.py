"""``provisioner doctor``: the databases of an environment, looked at live, and changed in nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from .terminal import colored, width

if TYPE_CHECKING:
    from .configuration import Configuration
    from .doctor.report import Visit
    from .doctor.subject import Subject
    from .findings import Finding

FORMATS = ("text", "json", "sarif", "github")
ADMIN_PASSWORD = "MATHESAR_ADMIN_PASSWORD"  # noqa: S105 - the variable's name


@click.command()
@click.option("--url", metavar="URL", help="Look at this database alone; - asks for it, or reads standard input.")
@click.option("--url-file", metavar="F", help="Look at the one whose URL is in this file.")
@click.option("--env-file", metavar="F", help="Read NAME=value lines from here, not the environment.")
@click.option("--config", metavar="C", help="Read this configuration file, not the usual one.")
@click.option("--platform", metavar="P", help="Take this platform instead of detecting one.")
@click.option("--replicas", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many of the app run.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="text", show_default=True)
def doctor(
    url: str | None, url_file: str | None, env_file: str | None, config: str | None, platform: str | None,
    replicas: int, fmt: str,
) -> None:  # fmt: skip
    """Look at the databases live; change nothing.

    Connects to every database that the environment or the configuration file names, and says what works, what does
    not, and which SQL would put it right. What has to be tried is rolled back.

    Exit status: 0 nothing wrong, or warnings alone; 1 an error; 2 wrong usage.
    """
    from .cli import _configuration
    from .doctor.report import render
    from .findings import UnknownPlatform

    if [url, url_file, env_file].count(None) < 2:
        raise click.UsageError("Give one of --url, --url-file and --env-file.")
    if config is not None and (url is not None or url_file is not None):
        raise click.UsageError("Give one of --url, --url-file and --config.")
    source = None
    try:
        if url is not None or url_file is not None:
            visit = _one(url, url_file, platform, replicas)
        else:
            configuration = _configuration(env_file, config)
            source = configuration.source
            visit = _every(configuration, platform, replicas)
    except UnknownPlatform as unknown:
        raise click.BadParameter(str(unknown), param_hint="'--platform'") from None
    click.echo(render(visit, fmt, color=colored(), width=width(), source=source), nl=False, color=True)
    raise SystemExit(int(not visit.healthy))


def _every(configuration: Configuration, platform: str | None, replicas: int) -> Visit:
    """Look at every database of an environment's plan."""
    from .doctor.report import Visit
    from .doctor.rounds import diagnose_all
    from .doctor.subject import subjects
    from .findings import finding

    environ = configuration.environ
    examined = configuration.examine(platform=platform)
    general = [item for item in examined.findings if item.severity == "error"]
    if any(environ.get(name, "").strip() for name in (ADMIN_PASSWORD, f"{ADMIN_PASSWORD}_FILE")):
        general.append(finding("doctor-admin-password", ADMIN_PASSWORD, platform=platform))
    if examined.plan is None:
        return Visit((), general, platform, replicas)
    wanted = subjects(examined.plan, replicas)
    show = _progress(len(wanted))
    show(0)
    try:
        diagnoses = diagnose_all(wanted, progress=show)
    finally:
        show(len(wanted))  # also where some were given up
    return Visit(diagnoses, general, examined.plan.platform, replicas)


def _one(url: str | None, url_file: str | None, platform: str | None, replicas: int) -> Visit:
    """Look at the one database of a URL, as an internal and as a user database."""
    from .doctor.report import Visit
    from .doctor.rounds import diagnose_all
    from .findings import InvalidEnvironment, finding

    variable = "--url" if url_file is None else "--url-file"
    general: list[Finding] = []
    try:
        subject, name = _subject(_text(url, url_file), variable, platform, replicas)
    except InvalidEnvironment as invalid:
        return Visit((), invalid.findings, platform, replicas)
    if url not in (None, "-") and subject.entry.url.password:
        general.append(finding("doctor-url-in-arguments", "--url"))
    return Visit(diagnose_all([subject]), general, name, replicas)


def _subject(text: str, variable: str, platform: str | None, replicas: int) -> tuple[Subject, str | None]:
    """Return the database of a URL, with the platform's default TLS, and the platform's name."""
    from .doctor.subject import Circumstances, Load, Subject
    from .dsn import parse_database_url
    from .entries import DatabaseEntry
    from .plan_databases import default_sslmode
    from .platform import detect, load

    chosen = load(platform) if platform else next(iter(detect(os.environ)), None)
    contract = chosen.contract(os.environ) if chosen else None
    url = parse_database_url(text, profile="paas" if contract else "local", variable=variable)
    if url is None:
        raise click.BadParameter("it is empty", param_hint=f"'{variable}'")
    mode = default_sslmode(url.host, contract)
    if mode and "sslmode" not in url.params:
        url = url.with_params(sslmode=mode)
    circumstances = Circumstances(
        profile="paas" if contract else "local",
        platform=contract.name if contract else None,
        authority=contract.ca_certificate if contract else None,
        load=Load(replicas=replicas),
    )
    entry = DatabaseEntry(name="default", url=url, variable=variable, label=url.dbname)
    return Subject(entry, frozenset({"internal", "user"}), circumstances), circumstances.platform


def _text(url: str | None, url_file: str | None) -> str:
    """Return the URL's text; a person at a terminal is asked, and nothing is echoed."""
    if url_file is not None:
        try:
            with open(url_file, encoding="utf-8") as file:
                return file.read()
        except OSError as problem:
            raise click.BadParameter(f"{url_file}: {problem.strerror}", param_hint="'--url-file'") from None
        except UnicodeDecodeError:
            raise click.BadParameter(f"{url_file}: it is not UTF-8 text", param_hint="'--url-file'") from None
    if url != "-":
        return url or ""
    if sys.stdin.isatty():
        asked: str = click.prompt("Database URL", hide_input=True, err=True)
        return asked
    return sys.stdin.read()


def _progress(count: int) -> Callable[[int], None]:
    """Return what says on a terminal's standard error how many of `count` are done, and wipes that at the end."""
    silent = not sys.stderr.isatty() or count < 2

    def show(done: int) -> None:
        if not silent:
            words = f"\rLooked at {done} of {count} databases." if done < count else "\r\x1b[K"
            click.echo(words, nl=False, err=True, color=True)

    return show
