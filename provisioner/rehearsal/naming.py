"""The host names of the platform's private network, made known to a process of this machine alone."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioner.localpg.account import Account

TRY_SECONDS = 10


@functools.cache
def possible() -> bool:
    """Whether this machine lets a process have its own /etc/hosts: a mount namespace, which is Linux alone."""
    needed = ["unshare", "mount", *(["setpriv"] if os.geteuid() == 0 else [])]
    if any(shutil.which(name) is None for name in needed) or not Path("/etc/hosts").exists():
        return False
    command = _wrapped(Path("/etc/hosts"), ["true"], None)
    try:
        return subprocess.run(command, capture_output=True, timeout=TRY_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def with_names(folder: Path, hosts: Mapping[str, str], command: Sequence[str], account: Account | None) -> list[str]:
    """Return the command so that it finds these hosts (address by name); nothing outside of it changes.

    `account` is whom to become on the way; the command has to be started as who we are.
    """
    file = folder / "hosts"
    file.write_text("127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in hosts.items()))
    file.chmod(0o644)
    return _wrapped(file, command, account)


def _wrapped(file: Path, command: Sequence[str], account: Account | None) -> list[str]:
    inner = f'mount --bind {shlex.quote(str(file))} /etc/hosts && exec "$@"'
    if os.geteuid() == 0:
        drop = [] if account is None else [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
        become = ["setpriv", *drop] if drop else []
        return ["unshare", "--mount", "--propagation=private", "sh", "-c", inner, "sh", *become, *command]
    back = ["unshare", "--user", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}"]
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inner, "sh", *back, *command]
