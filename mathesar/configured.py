"""What this process is configured with: its environment, and the configuration file behind it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.configuration import Configuration
    from provisioner.report import Source


class _Configured:
    named: str | None = None
    source: Source | None = None


def name_file(path: str | None) -> None:
    """Take the configuration file that --config names, where it names one."""
    _Configured.named = path


def read() -> Configuration:
    """Read the environment and the configuration file now; never raises, what is wrong is among its findings.

    The values stay in what is returned: those of the file never enter the environment of this process.
    """
    from provisioner.configuration import configure

    configuration = configure(os.environ, named=_Configured.named)
    _Configured.source = configuration.source
    return configuration


def source() -> Source | None:
    """Return the file that variables were read from, once they were read; None where that is no file."""
    return _Configured.source


def named() -> str | None:
    """Return the path that --config gave."""
    return _Configured.named
