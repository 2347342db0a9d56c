"""`mathesar start`, `release` and `serve`: the same steps, in whole or in half."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import provisioner
from mathesar import configured
from mathesar.boot import image
from mathesar.boot.console import mention, say, show
from mathesar.boot.environ import scrub
from mathesar.boot.messages import BootError, failure
from provisioner.findings import finding
from provisioner.planning import Plan

TERMINATED = 143  # 128 + SIGTERM, when stopped before it serves
INTERRUPTED = 130  # 128 + SIGINT


def start() -> NoReturn:
    """Run everything, and serve until told to stop."""
    _guarded(lambda: _serve(change=True))


def release() -> NoReturn:
    """Run everything up to serving."""
    _guarded(_release)


def serve() -> NoReturn:
    """Serve, changing nothing in the internal database."""
    _guarded(lambda: _serve(change=False))


def read_plan(*, keep: tuple[str, ...] = ()) -> Plan:
    """Read environment and configuration file into a plan, and take the secrets out of the environment.

    Raises:
        provisioner.InvalidEnvironment: it has faults that stop the start.
    """
    plan = configured.read().plan()
    if plan.platform is None:
        from mathesar.boot.key_file import make_data_dir
        from mathesar.embedded.data_dir import default_data_dir

        data_dir = Path(plan.data_dir or default_data_dir(os.environ))
        if plan.internal is None or plan.secret_key is None:  # else nothing is kept there, and it may be read-only
            make_data_dir(data_dir)
        plan = replace(plan, data_dir=str(data_dir))
    scrub(os.environ, keep=keep)
    return plan


def end_in_order() -> None:
    """Let each signal that ends a process raise an exception: what was begun is ended, and status 143 or 130 left."""
    # Process 1 has no default action for signals.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    # Whatever started it in the background may have it ignored, as a shell script does.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _guarded(work: Callable[[], None]) -> NoReturn:
    """Run a command; turn what may go wrong into findings on standard error and exit status 1."""
    end_in_order()
    owner = os.getpid()
    try:
        work()
    except (provisioner.InvalidEnvironment, BootError) as error:
        show(error.findings)
        sys.exit(1)
    except KeyboardInterrupt:
        if os.getpid() == owner:
            say("\nStopped.")
        sys.exit(INTERRUPTED)
    sys.exit(0)


def _terminate(*_: object) -> NoReturn:
    sys.exit(TERMINATED)


def _release() -> None:
    from mathesar.boot.prepare import prepare, release_connections

    plan = read_plan()
    _mention(plan)
    with embedded(plan) as full:
        prepared = prepare(full)
        _mention_key(full, prepared.key_state)
        try:
            _look_after_databases()
        finally:
            release_connections()  # else Python 3.13 waits 20 seconds at its end for the pool's threads
    say("The internal database is up to date." if not prepared.changed else "The internal database is ready.")


def _serve(*, change: bool) -> None:
    from mathesar.boot.listening import listen
    from mathesar.boot.prepare import prepare

    plan = read_plan()
    _mention(plan)
    # A port that is taken is better known before anything is begun; on a platform nobody else has it, and an open
    # port would tell its router that there is somebody to answer.
    early = listen(plan) if plan.platform is None else None
    with embedded(plan) as full:
        prepared = prepare(full, change=change)
        _mention_key(full, prepared.key_state)
        from mathesar.boot.server import run

        owner = os.getpid()
        try:
            background = _look_after_databases if change else None
            run(full, early or listen(full), lambda: _announce(full), background)
        finally:
            if os.getpid() == owner and full.platform is None:
                say("Stopped.")


@contextlib.contextmanager
def embedded(plan: Plan) -> Iterator[Plan]:
    """Run the embedded PostgreSQL around the work, where the plan has one; yield the plan with its database."""
    if not plan.embedded:
        yield plan
        return
    from mathesar.embedded import EmbeddedError, VersionChanged
    from mathesar.embedded import start as start_embedded

    if image.is_image() and not image.is_own_user():
        raise failure("image-user", "MATHESAR_DATA_DIR", uid=str(os.geteuid()))
    owner = os.getpid()
    if not (Path(str(plan.data_dir)) / "postgres").exists():
        say(f"Setting up Mathesar and a sample database in {plan.data_dir}; only the first start takes this long.")
    try:
        server = start_embedded(Path(str(plan.data_dir)))
    except EmbeddedError as error:
        if image.is_image() and isinstance(error, VersionChanged):
            raise failure("image-major", "MATHESAR_DATA_DIR", written=error.written, present=error.present) from None
        raise failure("embedded-failed", "DATABASE_URL", reason=str(error)) from None
    try:
        yield replace(plan, entries=(*plan.entries, server.entry))
    finally:
        if os.getpid() == owner:  # the workers leave through here as well
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second signal must not leave it half stopped
            try:
                server.stop()
            except EmbeddedError as error:
                show([finding("embedded-failed", "DATABASE_URL", reason=str(error))])


def _mention(plan: Plan) -> None:
    for item in plan.findings:
        mention(item)


def _mention_key(plan: Plan, state: str) -> None:
    """Say that the key does not fit.

    Raises:
        BootError: MATHESAR_ON_KEY_MISMATCH says that it must not start then.
    """
    if state == "mismatch" and plan.on_key_mismatch == "refuse":
        raise failure("key-refused", "SECRET_KEY", platform=plan.platform)
    if state == "rotation-pending":
        say("Stored connections are still under an earlier key: run `mathesar rotate-key` once all replicas are new.")
    if state == "mismatch":
        item = finding("key-mismatch", "SECRET_KEY", platform=plan.platform)
        say(f"{item} {item.hint}")


def _announce(plan: Plan) -> None:
    """Say what a person needs now: the address to open, and how to stop."""
    if plan.platform is None:
        say(f"\nMathesar is ready: {_local_link(plan)}")
        _mention_setup(plan)
        if image.is_image():
            _mention_volume(plan)
        elif sys.stdin is not None and sys.stdin.isatty():
            say("Press Ctrl-C to stop it.\n")
        return
    place = plan.origins[0] if plan.origins else plan.bind
    say(
        f"Mathesar {version('mathesar')} serves {place} ({plan.platform_label}; {plan.workers} workers of "
        f"{plan.threads} threads on {plan.bind})."
    )
    _mention_setup(plan)


def _mention_volume(plan: Plan) -> None:
    """Say what keeps the data, where there are any."""
    if not plan.embedded:
        return
    folder = Path(str(plan.data_dir))
    kept = image.keeping(folder)
    if kept == "volume":
        say(f"The volume at {folder} is the data: key, configuration and databases. Keep it, and back it up.\n")
        return
    mention(finding(f"volume-{kept}", "MATHESAR_DATA_DIR", folder=str(folder)))


def _mention_setup(plan: Plan) -> None:
    """Say how the install is claimed, while nobody has; no connection may be left for the fork."""
    from django.db import Error

    from mathesar.boot.prepare import release_connections
    from mathesar.setup.announce import lines

    try:
        with contextlib.suppress(Error):  # serving does not depend on it
            for line in lines(plan):
                say(line)
    finally:
        release_connections()


def _look_after_databases() -> None:
    """Install or upgrade the Mathesar schema in every database that can be reached."""
    from mathesar.connections.upkeep import bring_up_to_date

    bring_up_to_date()


def _local_link(plan: Plan) -> str:
    """Return where a person opens it: the proxy's address where there is a proxy."""
    from mathesar.boot.listening import split

    host, port = split(plan.bind)
    if host in {"0.0.0.0", "::", "127.0.0.1", "::1"}:  # noqa: S104
        host = "localhost"
    base = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if plan.trust_forwarded_proto and plan.origins:
        base = plan.origins[0]
    if not plan.own_machine:
        return f"{base}/"
    from mathesar.accounts.local_link import make_link

    return make_link(base)
