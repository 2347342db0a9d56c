"""Files of NAME=value lines, as dotenv tools and Docker write them."""

from __future__ import annotations

import re

_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\s*=(?P<value>.*)", re.DOTALL)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?')
_SINGLE = re.compile(r"'([^']*)'\s*(?:#.*)?")
_ESCAPE = re.compile(r'\\([nrt"\\$])')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class EnvFileError(ValueError):
    """A line is not NAME=value; the message gives its number and none of its text."""


def read_env_file(text: str) -> dict[str, tuple[str, int]]:
    """Return the value and line (from 1) of each name; of several lines for one name the last counts.

    Blank lines, comments and ``export`` are passed over. Quotes belong to the file, not to the value;
    nothing is interpolated. Raises EnvFileError at the first line that is none of these.
    """
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise EnvFileError(f"line {number} is not of the form NAME=value")
        found[match["name"]] = (_value(match["value"].strip()), number)
    return found


def _value(text: str) -> str:
    if double := _DOUBLE.fullmatch(text):
        return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), double[1])
    if single := _SINGLE.fullmatch(text):
        return single[1]
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].rstrip()
