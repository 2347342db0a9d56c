"""The command `mathesar`. Whatever costs time is imported inside the command that needs it."""

from __future__ import annotations

from importlib.metadata import version as installed_version

import click

from mathesar.cli_config import config


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(installed_version("mathesar"), prog_name="mathesar")
@click.option("--config", "config_file", metavar="PATH", help="Read this configuration file, not the usual one.")
def main(config_file: str | None) -> None:
    """Mathesar: PostgreSQL for people.

    Everything is configured by environment variables, or by /etc/mathesar/mathesar.toml behind them: `mathesar
    config show` says what they amount to.
    """
    from mathesar import configured

    configured.name_file(config_file)


main.add_command(config)


@main.command()
def start() -> None:
    """Check, prepare the internal database and serve.

    It is `mathesar release` and `mathesar serve` in one.
    """
    from mathesar.boot.start import start as run

    run()


@main.command()
def release() -> None:
    """Prepare the internal database, and stop.

    For a platform's release phase, before `mathesar serve`.
    """
    from mathesar.boot.start import release as run

    run()


@main.command()
def serve() -> None:
    """Serve only; change nothing.

    It refuses when `mathesar release` has not run for this version and environment.
    """
    from mathesar.boot.start import serve as run

    run()


@main.command()
@click.option("--username", help="Name to sign in with; asked for when not given.")
@click.option("--email", help="Address of this person; asked for when not given.")
@click.option("--noinput", is_flag=True, help="Ask nothing; the password is DJANGO_SUPERUSER_PASSWORD.")
def createsuperuser(username: str | None, email: str | None, noinput: bool) -> None:
    """Create a person who may do everything."""
    from mathesar.boot.commands import create_superuser

    create_superuser(username, email, interactive=not noinput)


@main.command()
@click.argument("username")
def changepassword(username: str) -> None:
    """Ask for a new password of the person USERNAME."""
    from mathesar.boot.commands import change_password

    change_password(username)


@main.command("reset-admin")
@click.argument("username", required=False)
@click.option("--noinput", is_flag=True, help="Ask nothing; the password is MATHESAR_ADMIN_PASSWORD.")
def reset_admin(username: str | None, noinput: bool) -> None:
    """Give a superuser a new password: the way back in.

    USERNAME is made, or made a superuser again, if need be; all their sessions and API tokens end.
    """
    from mathesar.boot.admin import reset_admin as run

    run(username, interactive=not noinput)


@main.command("rotate-key")
def rotate_key() -> None:
    """Encrypt stored connections with the present key.

    Set the new SECRET_KEY and put the earlier one into SECRET_KEY_FALLBACKS first. People can go on working; a
    rotation that was stopped goes on when run again.
    """
    from mathesar.boot.commands import rotate_key as run

    run()


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("program", type=click.Choice(["psql", "pg_dump", "pg_dumpall", "pg_restore"]))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def postgres(program: str, arguments: tuple[str, ...]) -> None:
    """Run a program of PostgreSQL on the embedded database.

    It connects to the running server as its superuser: mathesar postgres pg_dumpall > dump.sql
    """
    from mathesar.boot.commands import run_client

    run_client(program, arguments)


@main.command()
@click.argument("name")
def detach(name: str) -> None:
    """Let go of a database that left the environment.

    NAME is its name in the list; its row and its settings are kept.
    """
    from mathesar.boot.commands import detach_database

    detach_database(name)
