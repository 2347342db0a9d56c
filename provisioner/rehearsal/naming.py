"""The host names of the platform's private network, made known to a process of this machine alone."""

from __future__ import annotations

import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioner.localpg.account import Account, choose, first_closed_folder
from provisioner.localpg.errors import EmbeddedError

TRY_SECONDS = 10


@functools.cache
def possible() -> bool:
    """Whether this machine lets a process have its own /etc/hosts: a mount namespace, which is Linux alone."""
    needed = ["unshare", "mount", *(["setpriv"] if os.geteuid() == 0 else [])]
    if any(shutil.which(name) is None for name in needed) or not Path("/etc/hosts").exists():
        return False
    try:
        account = choose(os.environ, Path("/etc/hosts/none")) if os.geteuid() == 0 else None
        command = _wrapped(Path("/etc/hosts"), [sys.executable, "-I", "-c", ""], account, reads_on=True)
        return subprocess.run(command, capture_output=True, timeout=TRY_SECONDS, check=False).returncode == 0
    except (OSError, EmbeddedError, subprocess.SubprocessError):
        return False


def closed_folder(account: Account, places: Sequence[Path] = ()) -> Path | None:
    """Return the folder that keeps this account from Python as it runs here, from its packages or from `places`.

    A virtual environment may lie in a closed folder while its Python is the machine's own. Of `places` those count
    that are there. None where nothing is closed.
    """
    python = Path(sys.executable)
    needed = [python.parent, python.resolve().parent, Path(sys.prefix), Path(__file__).parent]
    needed += [place for place in places if place.exists()]
    return next((found for place in needed if (found := first_closed_folder(place, account)) is not None), None)


def with_names(
    folder: Path, hosts: Mapping[str, str], command: Sequence[str], account: Account | None, *, reads_on: bool = False
) -> list[str]:
    """Return the command so that it finds these hosts (address by name); nothing outside of it changes.

    `account` is whom to become on the way, and may read on in folders closed to it where it `reads_on`; the command has
    to be started as who we are.
    """
    text = "127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in hosts.items())
    # One file for each content: instances that run see this very file as theirs.
    file = folder / f"hosts-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if not file.exists():
        file.write_text(text)
        file.chmod(0o644)
    return _wrapped(file, command, account, reads_on=reads_on)


def _wrapped(file: Path, command: Sequence[str], account: Account | None, *, reads_on: bool) -> list[str]:
    inner = f'mount --bind {shlex.quote(str(file))} /etc/hosts && exec "$@"'
    if os.geteuid() == 0:
        become = [] if account is None else ["setpriv", *_taking_on(account, reads_on=reads_on)]
        return ["unshare", "--mount", "--propagation=private", "sh", "-c", inner, "sh", *become, *command]
    back = ["unshare", "--user", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}"]
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inner, "sh", *back, *command]


def _taking_on(account: Account, *, reads_on: bool) -> list[str]:
    """Return setpriv's options for an ordinary user."""
    options = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    if reads_on:
        options += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return options
