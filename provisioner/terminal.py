"""What the terminal can show."""

from __future__ import annotations

import os
import shutil
import sys


def colored() -> bool:
    """Colour for a terminal, unless NO_COLOR (https://no-color.org) or a terminal without colours says no."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the columns to write in, at most 100."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)
