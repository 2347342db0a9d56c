"""What ``${NAME:-default}`` comes to where nobody sets NAME: what a file hands out is its defaults too."""

from __future__ import annotations

import re

_BRACED = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*:?-(?P<default>(?:[^{}$]|\$\$)*)\}")
DEEPEST = 5  # a default may hold another one


def resolved(text: str) -> str:
    """Put the defaults in; what has none stays as it is written. ``$$`` becomes ``$`` where no other is left."""
    for _ in range(DEEPEST):
        text, count = _BRACED.subn(lambda found: found["default"], text)
        if not count:
            break
    return text.replace("$$", "$") if "$" not in text.replace("$$", "") else text
