"""Which account runs PostgreSQL: initdb and postgres refuse to run as root."""

from __future__ import annotations

import contextlib
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioner.localpg.errors import AccountUnusable


@dataclass(frozen=True)
class Account:
    """The account PostgreSQL runs as; ``switch`` says whether that is another one than our own."""

    uid: int
    gid: int
    switch: bool

    @property
    def process_options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that start a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def give(self, path: Path) -> None:
        """Make this account the owner of ``path``."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose(environ: Mapping[str, str], data: Path) -> Account:
    """Return our own account; as root the owner of ``data``, else SUDO_UID, `mathesar` or `nobody`.

    Raises AccountUnusable.
    """
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise AccountUnusable(
                f"{data} belongs to another account. Run `mathesar start` as that account, "
                "or name another folder in MATHESAR_DATA_DIR."
            )
        return Account(os.geteuid(), os.getegid(), switch=False)
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, switch=True)
    entry = _known(environ.get("SUDO_UID", "")) or _named("mathesar") or _named("nobody")
    if entry is None:
        raise AccountUnusable(
            "PostgreSQL does not run as root, and this machine has no account `mathesar` or `nobody`. "
            "Add one (`useradd --system mathesar`), or set DATABASE_URL."
        )
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def first_closed_folder(path: Path, account: Account) -> Path | None:
    """Return the first folder on the way to ``path`` that the account cannot enter, if any."""
    for folder in reversed([path, *path.parents]):
        with contextlib.suppress(FileNotFoundError):
            status = folder.stat()
            owner, group = status.st_uid == account.uid, status.st_gid == account.gid
            bit = 0o100 if owner else 0o010 if group else 0o001
            if not status.st_mode & bit:
                return folder
    return None


def _known(uid: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError, ValueError):
        entry = pwd.getpwuid(int(uid))
        return entry if entry.pw_uid > 0 else None
    return None


def _named(name: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    return None
