"""What an app may do on this machine beyond an ordinary user, so that it is said before the app runs."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from provisioner.localpg import account
from provisioner.localpg.errors import EmbeddedError

from . import naming
from .instance import programs

ADVICE = (
    "Put the virtual environment, and the Python that it is made of, into a folder that everybody may enter, such as "
    "one below /opt; or give --yes where you trust this app"
)


def beyond_ordinary(source: Path | None) -> str:
    """Return in a sentence what the app may do here that no ordinary user may; empty where there is nothing.

    That is only so for root: an ordinary user's app runs as that user. `source` is the folder of somebody's app.
    """
    try:
        runner = account.choose(os.environ, Path("/nonexistent/none"))
    except EmbeddedError:  # the database says so
        return ""
    folder = naming.closed_folder(runner, programs(source)) if runner.switch else None
    if folder is None:
        return ""
    if not naming.possible():
        return f"The app runs as root: its Python lies below {folder}, which is closed to ordinary users."
    name = pwd.getpwuid(runner.uid).pw_name
    return (
        f"The app runs as {name} and may read every file of this machine: its Python lies below {folder}, "
        "which is closed to ordinary users."
    )
