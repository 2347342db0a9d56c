"""One PostgreSQL data folder: its places, its password, and initdb."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from provisioner import DatabaseUrl, Secret, parse_database_url
from provisioner.localpg.account import Account, first_closed_folder
from provisioner.localpg.binaries import Binaries
from provisioner.localpg.errors import AccountUnusable, EmbeddedError, ServerFailed

SUPERUSER = "postgres"
PORT = 5432  # only names the socket's file: nothing listens on the network
_LONGEST_FOLDER = 100 - len(f"/.s.PGSQL.{PORT}")  # sun_path has 104 bytes on macOS, 108 on Linux


@dataclass(frozen=True)
class Cluster:
    """The folder ``<data_dir>/postgres/<major>``, which holds everything of one PostgreSQL."""

    home: Path
    binaries: Binaries
    account: Account

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log" / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The socket's folder; when its path would be too long, a short private one among temporary files."""
        usual = self.home / "run"
        if len(os.fsencode(usual)) <= _LONGEST_FOLDER:
            return usual
        name = f"mathesar-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"
        places = (Path(tempfile.gettempdir()) / name, Path("/tmp") / name)  # noqa: S108
        return next((place for place in places if len(os.fsencode(place)) <= _LONGEST_FOLDER), places[-1])

    def prepare(self) -> None:
        """Make the folders, and the data once. Raises AccountUnusable, ServerFailed."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o755)
        if self.account.switch:
            for folder in (self.home.parent, self.home):
                folder.chmod(0o755)  # whatever the umask was
        if re.search(r'["$`\\\n]', str(self.binaries.bin)):
            raise EmbeddedError(
                f"PostgreSQL's initdb cannot run from {self.binaries.bin}: it gives that path to a shell. "
                'Name a folder without any of " $ ` \\ in MATHESAR_DATA_DIR.'
            )
        closed = first_closed_folder(self.home, self.account)
        if closed is not None:
            raise AccountUnusable(
                f"PostgreSQL does not run as root, and the account it runs as instead cannot enter {closed}. "
                f"Allow that (`chmod a+x {closed}`), or name another folder in MATHESAR_DATA_DIR."
            )
        for folder in (self.log.parent, self.socket_folder):
            self._private_folder(folder)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        written = (self.data / "PG_VERSION").read_text().strip()
        if written != str(self.binaries.major):
            raise ServerFailed(f"{self.data} holds data of PostgreSQL {written}. Move it back.")

    def remove_old_software(self) -> None:
        """Remove copies of programs of an earlier minor version; call it while no server runs."""
        for folder in self.home.glob("software-*"):
            if not self.binaries.bin.is_relative_to(folder):
                shutil.rmtree(folder)

    def url(self, user: str, dbname: str) -> DatabaseUrl:
        """Return the address of a database of this cluster, over its socket."""
        folder = "".join(f"%{byte:02X}" for byte in os.fsencode(self.socket_folder))
        secret = self.password().get_secret_value()
        parsed = parse_database_url(f"postgresql://{user}:{secret}@/{dbname}?host={folder}", profile="local")
        assert parsed is not None  # noqa: S101
        return parsed

    def password(self) -> Secret:
        """Return the password made once for this cluster."""
        return Secret((self.home / "password").read_text().strip())

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the account, with an environment of its own.

        Raises AccountUnusable when the system does not let us change to the account.
        """
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C",
            "TZ": "UTC",
            "HOME": str(self.home),
        }
        try:
            return subprocess.run(
                [str(self.binaries.bin / program), *arguments],
                check=False,
                cwd=self.home,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                umask=0o077,
                **self.account.process_options,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise AccountUnusable(
                f"{program} could not be started as user {self.account.uid}: {error}. "
                "Run `mathesar start` as an ordinary user, or set DATABASE_URL."
            ) from None

    def _initialise(self) -> None:
        """Run initdb into a folder beside the final one; a kill in between leaves nothing half made."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._private_folder(fresh)
        password = self._make_password()
        done = self.run(
            "initdb", "--pgdata=data.new", f"--username={SUPERUSER}", f"--pwfile={password.name}",
            "--auth=scram-sha-256", "--encoding=UTF8", *_locale(self.binaries.major),
        )  # fmt: skip
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise ServerFailed(f"initdb failed: {_last_lines(done.stderr)}")
        fresh.rename(self.data)

    def _make_password(self) -> Path:
        """Make the password file, whole or not there; one that is there stays, for the roles of a restored dump."""
        path, fresh = self.home / "password", self.home / "password.new"
        if path.exists():
            return path
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())  # half a password after a power cut would lock us out of the data
        self.account.give(fresh)
        fresh.replace(path)
        return path

    def _private_folder(self, folder: Path) -> None:
        """Make a folder of the account's own, or check that it is one (temporary folders are shared)."""
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self.account.give(folder)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.account.uid or status.st_mode & 0o077:
            raise AccountUnusable(f"{folder} is not a private folder of user {self.account.uid}. Remove it.")


def _locale(major: int) -> tuple[str, ...]:
    """Return initdb's locale options: what needs nothing of the machine and is the same everywhere.

    PostgreSQL 17 brought its own C.UTF-8 (initdb's manual, --locale-provider); older ones have plain C.
    """
    if major >= 17:
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    return ("--no-locale",)


def _last_lines(text: str) -> str:
    return " ".join(text.strip().splitlines()[-4:])
