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


@main.command()
@click.argument("file")
@click.option("--force", is_flag=True, help="Take the place of a file that is there.")
def backup(file: str, force: bool) -> None:
    """Write the internal database into FILE.

    People, tokens, connections and settings: Mathesar's own tables, whole, as of one moment; never the data of the
    databases that people work with. FILE is - for standard output. Stored connections stay sealed under SECRET_KEY,
    which is not in the file, unless MATHESAR_BACKUP_PASSPHRASE is set: then the key is in it, under the passphrase.
    """
    from mathesar.life.backup import backup as run

    run(file, force=force)


@main.command()
@click.argument("file")
@click.option("--replace", is_flag=True, help="Replace an internal database that is in use.")
@click.option("--unsigned", is_flag=True, help="Restore also what no key here can vouch for.")
@click.option("--noinput", is_flag=True, help="Ask nothing.")
def restore(file: str, replace: bool, unsigned: bool, noinput: bool) -> None:
    """Put a backup in the place of the internal database.

    All of it or nothing; from SQLite to PostgreSQL or back, from this version or an older one. FILE is - for standard
    input. Set SECRET_KEY to that of the install that was backed up, or MATHESAR_BACKUP_PASSPHRASE to its passphrase:
    without either nobody can tell who made FILE, and it is restored with --unsigned only.
    """
    from mathesar.life.restore import restore as run

    run(file, replace=replace, unsigned=unsigned, interactive=not noinput)


@main.command("uninstall-schemas")
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every connected database, those of the environment too.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and what uses the schema; change nothing.")
@click.option("--cascade", is_flag=True, help="Remove what uses the schema as well: columns lose their data.")
@click.option("--noinput", is_flag=True, help="Ask nothing.")
def uninstall_schemas(names: tuple[str, ...], every: bool, dry_run: bool, cascade: bool, noinput: bool) -> None:
    """Remove the Mathesar schema from databases.

    NAMES are their names in the list; their connections stay. It is not installed there again unless somebody asks
    for it. Exit status: 0 done, or can be done; 1 it stays in one, or one could not be reached.
    """
    if bool(names) == every:
        raise click.UsageError("Give names, or --all.")
    from mathesar.life.uninstalling import uninstall_schemas as run

    run(names, cascade=cascade, dry_run=dry_run, interactive=not noinput)


@main.command("update-check")
def update_check() -> None:
    """Ask whether there is a newer Mathesar.

    Asked only when this is run; nothing about this install is sent. MATHESAR_UPDATE_URL names a mirror. Exit status:
    0 this is the newest; 10 there is a newer one; 1 it could not be asked.
    """
    from mathesar.life.updates import update_check as run

    run()
