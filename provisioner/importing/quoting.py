r"""A value as a line of a .env file: one form that Docker Compose, systemd, sh and this project read alike.

Read on 2026-11-21. Single quotes hold anything but ``'`` everywhere, but for Compose a ``\`` before the closing one.
Double quotes: all take ``\\``, ``\"`` and ``\$``; sh alone replaces a ````` there; ``\n`` and ``\r`` are no escapes
for systemd and sh, while all of them let a quoted value go on over several lines.

- Compose: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/ and compose-go 2.13
- systemd: systemd.exec(5), EnvironmentFile=
- sh: POSIX.1-2017, Shell Command Language, 2.2 Quoting
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=*\[\]-]+")  # docker run, which knows no quotes, reads these as well
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # Compose takes . and - too
_ESCAPED = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\r": "\\r"}


def quoted(value: str) -> str:
    """Return a value as a .env file holds it, quoted only where it must be; it may have several lines."""
    if _PLAIN.fullmatch(value):
        return value
    single = "'" not in value and "\r" not in value and not value.endswith("\\")
    # Some readers undo a backslash in single quotes: they are second to double ones where there is one.
    if single and ("\\" not in value or "`" in value):
        return f"'{value}'"
    return _double(value, _ESCAPED)


def commented(value: str) -> str:
    """Return a value for a comment, which is one line; nothing but a person reads it."""
    return _double(value, {**_ESCAPED, "\n": "\\n"}) if "\n" in value else quoted(value)


def read_alike(name: str, value: str) -> bool:
    """Tell whether there is a form that all readers of such a file take for the same."""
    if _NAME.fullmatch(name) is None or "\r" in value:
        return False
    return "`" not in value or ("'" not in value and not value.endswith("\\"))


def _double(value: str, escaped: dict[str, str]) -> str:
    return '"' + "".join(escaped.get(each, each) for each in value) + '"'
