"""The platform's own certificate authority, for `sslmode=verify-ca` and `verify-full`.

libpq takes authorities from a file only. The platform's is written beside the system's, so that
databases elsewhere keep verifying too.
"""

from __future__ import annotations

import ssl
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
    """Write the file once for each process; only this user can read it."""
    system = ssl.get_default_verify_paths().cafile
    known = Path(system).read_text() if system else ""
    with tempfile.NamedTemporaryFile("w", prefix="mathesar-ca-", suffix=".pem", delete=False) as file:
        file.write(f"{known}\n{certificate}\n")
    return file.name
