"""Small commands for a person at a terminal: Django's own, with the plan, the key and the database seen to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import provisioner
from mathesar.boot.console import say, show
from mathesar.boot.messages import BootError
from mathesar.boot.start import INTERRUPTED, read_plan
from provisioner.findings import finding
from provisioner.planning import Plan

PASSWORD_VARIABLE = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105 - a variable's name


def create_superuser(username: str | None, email: str | None, *, interactive: bool) -> None:
    """Run Django's createsuperuser."""
    given = {"username": username, "email": email}
    if not interactive and email is None:
        given["email"] = ""
    _django("createsuperuser", interactive=interactive, **{name: value for name, value in given.items()
                                                           if value is not None})  # fmt: skip


def change_password(username: str) -> None:
    """Run Django's changepassword."""
    _django("changepassword", username)


def detach_database(name: str) -> None:
    """Detach an entry that the environment does not name any more; its row is kept."""
    opened_install()
    from mathesar.boot.prepare import release_connections
    from mathesar.connections.guard import ReadOnlyDatabase
    from mathesar.connections.models import Database
    from mathesar.connections.reconcile import detach

    try:
        row = detach(name)
    except Database.DoesNotExist:
        fail(f"There is no database called {name!r} from the environment.")
    except ReadOnlyDatabase as error:
        fail(str(error))
    finally:
        release_connections()
    say(f"Database {row.name!r} is detached; its settings are kept for when the name comes back.")


def rotate_key() -> None:
    """Seal every stored connection anew under the present SECRET_KEY."""
    plan = opened_install()
    from mathesar import current
    from mathesar.boot import keys, rotate
    from mathesar.boot.prepare import open_store, release_connections

    if current.get_key_state() == "mismatch":
        item = finding("key-mismatch", "SECRET_KEY", platform=plan.platform)
        fail(f"{item} {item.hint}")
    opened = open_store(plan)
    try:
        row = opened.read()
        ring = keys.resolve(plan, lambda: row)
        if ring is None:
            fail("There is no key yet: run `mathesar start` or `mathesar release` first.")
        done = rotate.finish(opened, ring, show=True)
    except KeyboardInterrupt:
        say("\nStopped; run it again to go on.")
        sys.exit(INTERRUPTED)
    finally:
        opened.close()
        release_connections()
    if done.locked:
        fail(f"{done.rotated} rotated; {done.locked} cannot be read with any key that is here. Keep the earlier keys.")
    say(f"{done.rotated} rotated; everything is under the present SECRET_KEY. SECRET_KEY_FALLBACKS may go.")


def _django(command: str, *arguments: str, **options: Any) -> None:
    opened_install()
    from django.core.management import CommandError, call_command

    from mathesar.boot.prepare import release_connections

    try:
        call_command(command, *arguments, **options)
    except CommandError as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        release_connections()
        os.environ.pop(PASSWORD_VARIABLE, None)


def opened_install() -> Plan:
    """Open the internal database. On a platform a command never migrates: the running release may be another."""
    from mathesar.boot.prepare import prepare

    try:
        plan = read_plan(keep=(PASSWORD_VARIABLE,))
        prepare(plan, change=plan.platform is None, reconcile=False)
        return plan
    except (provisioner.InvalidEnvironment, BootError) as error:
        show(error.findings)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def run_client(program: str, arguments: Sequence[str]) -> NoReturn:
    """Become one of PostgreSQL's client programs, connected to the embedded server."""
    from mathesar.embedded import EmbeddedError, client

    try:
        plan = read_plan()
        if not plan.embedded:
            fail(f"A database is named in the environment: run {program} with its URL; there is no embedded one.")
        client.execute(Path(str(plan.data_dir)), program, arguments)
    except (provisioner.InvalidEnvironment, BootError) as error:
        show(error.findings)
        sys.exit(1)
    except EmbeddedError as error:
        fail(str(error))


def fail(text: str) -> NoReturn:
    """End the command with status 1 and a line on standard error."""
    print(text, file=sys.stderr, flush=True)
    sys.exit(1)
