"""Where everything lives that must outlast a restart when no platform and no database is given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return the data directory: MATHESAR_DATA_DIR, else /var/lib/mathesar for root, else XDG's place.

    Nothing is made or looked at. A relative XDG_DATA_HOME is ignored (XDG base directory specification).
    """
    named = environ.get("MATHESAR_DATA_DIR", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/mathesar")
    base = environ.get("XDG_DATA_HOME", "").strip()
    home = environ.get("HOME", "").strip()
    folder = Path(base) if base.startswith("/") else Path(home or Path.home()) / ".local" / "share"
    return folder / "mathesar"
