"""Start, find and stop the PostgreSQL of one cluster."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mathesar.embedded.cluster import PORT, Cluster
from provisioner import DatabaseEntry
from provisioner.localpg.errors import ServerFailed

_SECONDS_TO_START = "120"  # recovery after a crash takes longer than a start
_SECONDS_TO_STOP = "60"
_LARGEST_LOG = 4 * 2**20
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "warning",
    "cluster_name": "mathesar",
}


@dataclass
class EmbeddedServer:
    """A running embedded PostgreSQL and its sample database."""

    cluster: Cluster
    entry: DatabaseEntry
    _users: IO[str] = field(repr=False)
    _pid: int = field(default_factory=os.getpid, repr=False)

    def stop(self) -> None:
        """Stop the server (fast mode), unless another `mathesar start` on this data directory uses it.

        Only the process that started it does so; a second call does nothing. Raises ServerFailed.
        """
        if self._users.closed or os.getpid() != self._pid:
            return
        with contextlib.closing(self._users), starting(self.cluster.home):
            stop_unless_used(self.cluster, self._users)


@contextlib.contextmanager
def starting(home: Path) -> Iterator[None]:
    """Hold the lock under which a cluster is made, started and stopped; waits for its turn."""
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    with (home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def join(home: Path) -> IO[str]:
    """Be one of the cluster's users until the returned file is closed (or we and our children end)."""
    users = (home / "users.lock").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def stop_unless_used(cluster: Cluster, users: IO[str]) -> None:
    """Stop the server unless somebody else has joined; call it while starting is locked. Raises ServerFailed."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if is_running(cluster):
        done = cluster.run("pg_ctl", "stop", "-D", "data", "-m", "fast", "-w", "-t", _SECONDS_TO_STOP)
        if done.returncode != 0 and is_running(cluster):
            raise ServerFailed(f"The embedded PostgreSQL did not stop. Its log: {cluster.log}")


def launch(cluster: Cluster, users: IO[str]) -> None:
    """Start the server unless it runs already; wait until it answers. Raises ServerFailed.

    Call it while starting is locked, as one of the users. pg_ctl puts the server into a session of its own: a Ctrl-C
    at the terminal reaches us and not it.
    """
    if is_running(cluster):
        return
    left = cluster.data / "postmaster.pid"
    if left.exists():  # by a crash; or by a server that runs where we cannot see its process
        _refuse_used(users)
        left.unlink(missing_ok=True)
    cluster.remove_old_software()
    with contextlib.suppress(FileNotFoundError):
        if cluster.log.stat().st_size > _LARGEST_LOG:
            cluster.log.unlink()
    folder = str(cluster.socket_folder).replace('"', '""')  # a list: commas and spaces need quotes
    settings = {**_SETTINGS, "unix_socket_directories": f'"{folder}"'}
    options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    log = str(cluster.log.relative_to(cluster.home))
    arguments = ("-D", "data", "-l", log, "-o", options, "-w", "-t", _SECONDS_TO_START)
    if cluster.run("pg_ctl", "start", *arguments).returncode != 0:
        raise ServerFailed(f"The embedded PostgreSQL did not start. {cluster.log} ends: {_tail(cluster.log)}")


def _refuse_used(users: IO[str]) -> None:
    """Refuse a data folder that somebody else uses as well. Raises ServerFailed.

    Two servers on one data folder lose rows, and a process id means nothing in another container; its hold on the
    users' lock reaches from one container of a machine to the other.
    """
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ServerFailed(
            "Another container or process uses this data directory, and its PostgreSQL cannot be seen from here. "
            "Use `docker exec` in that one, or stop it first."
        ) from None
    finally:
        fcntl.flock(users, fcntl.LOCK_SH)  # one that could not be had exclusively is lost on the way


def is_running(cluster: Cluster) -> bool:
    """Tell whether this cluster's server runs, seen from here; a postmaster.pid left by a crash does not count.

    The file's first line is the process id, which another program may have by now, so that program's working
    folder (a server's is its data folder) or else its name is compared.
    """
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return False
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == cluster.data.resolve()
        except FileNotFoundError:
            return False
        except PermissionError:
            return False  # another account's process; a server of ours runs as ours, or we are root
    command = ["ps", "-p", str(pid), "-o", "command="]
    shown = subprocess.run(command, check=False, capture_output=True, text=True)
    return "postgres" in shown.stdout


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return " ".join(log.read_text(errors="replace").strip().splitlines()[-5:])
    return "(no log)"
