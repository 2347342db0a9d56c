"""The platform's own certificate authority, for `sslmode=verify-ca` and `verify-full`.

libpq takes authorities from a file only. The platform's is written beside the system's, so that
databases elsewhere keep verifying too.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import stat
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def with_authority(keywords: Mapping[str, Any], certificate: str | None) -> dict[str, Any]:
    """Return libpq's keywords, with the platform's authority (PEM) where they verify against the system's."""
    verifies = str(keywords.get("sslmode", "")).startswith("verify")
    if not certificate or not verifies or keywords.get("sslrootcert", "") not in ("", "system"):
        return dict(keywords)
    return {**keywords, "sslrootcert": _bundle(certificate)}


@cache
def _bundle(certificate: str) -> str:
    """Write the file, private to this user, under a name that its content gives: a restart finds it again."""
    system = ssl.get_default_verify_paths().cafile
    known = Path(system).read_text() if system else ""
    content = f"{known}\n{certificate}\n".encode()
    folder = Path(tempfile.gettempdir()) / f"mathesar-ca-{os.geteuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        held = folder.lstat()
        if not stat.S_ISDIR(held.st_mode) or held.st_uid != os.geteuid() or held.st_mode & 0o077:
            raise PermissionError  # another user made it first: what lies in it is not to be trusted
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="mathesar-ca-"))
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.pem"
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
    return str(path)
