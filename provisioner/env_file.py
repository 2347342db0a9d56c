"""Files of NAME=value lines, as dotenv tools, Docker Compose and systemd read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BREAK = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(
    r"(?P<head>\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\s*)(?P<sign>=|:(?=\s))(?P<blank>\s*)(?P<value>.*)",
    re.DOTALL,
)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?', re.DOTALL)
# 'Let\'s go' is Docker's own way; 'C:\folder\' is closed all the same for systemd and sh.
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*|[^']*)'\s*(?:#.*)?", re.DOTALL)
_OPEN = {'"': re.compile(r'"(?:[^"\\]|\\.)*\\?'), "'": re.compile(r"'(?:[^'\\]|\\.)*\\?")}
_ESCAPE = re.compile(r'\\([nrt"\\$])')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class EnvFileError(ValueError):
    """A line is not NAME=value; the message gives its number and none of its text."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment. `quote` is the sign around its value, '' for none; `number` counts lines from 1.

    `dollars` tells of a ``$$`` in what is not in single quotes.
    """

    name: str
    value: str = field(repr=False)
    quote: str
    number: int
    dollars: bool


def read_env_file(text: str) -> dict[str, tuple[str, int]]:
    """Return the value and line (from 1) of each name; of several lines for one name the last counts.

    Blank lines, comments and ``export`` are passed over. Quotes belong to the file, not to the value, which may go
    on over several lines inside them; nothing is interpolated. Raises EnvFileError at the first line that is none
    of these.
    """
    found: dict[str, tuple[str, int]] = {}
    for each in assignments(text):
        if isinstance(each, int):
            raise EnvFileError(f"line {each} is not of the form NAME=value")
        found[each.name] = (each.value, each.number)
    return found


def assignments(text: str, *, compose: bool = False) -> Iterator[Assignment | int]:
    r"""Yield the assignments in order, and for a line that is none its number.

    `compose`: ``NAME: value`` is one as well, and ``\$`` in double quotes becomes ``$$``, as Docker Compose has it
    before it replaces references.
    """
    lines = _BREAK.split(text.removeprefix("\ufeff"))
    index = 0
    while index < len(lines):
        number, line = index + 1, lines[index]
        index += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        # A form feed or a Unicode line separator in it: no line of such a file.
        if match is None or (match["sign"] == ":" and not compose) or len(line.splitlines()) > 1:
            yield number
            continue
        value = match["value"]
        if (quote := value[:1]) in _OPEN and _OPEN[quote].fullmatch(value):
            end = _closing(quote, lines, index)
            value, index = "\n".join([value, *lines[index:end]]), end
        quote, said = _value(value.rstrip(), bool(match["blank"]))
        dollars = quote != "'" and "$$" in re.sub(r"\\.", "", said)
        if quote == '"':
            said = _unescaped(said, "$$" if compose else "$")
        yield Assignment(match["name"], said, quote, number, dollars)


def _closing(quote: str, lines: list[str], index: int) -> int:
    """Return the end of what an open quote holds: after the next line with a quote, if it closes there; or `index`."""
    for number in range(index, len(lines)):
        line = re.sub(r"\\.", "", lines[number])
        if quote in line:
            return number + 1 if re.fullmatch(rf"[^{quote}]*{quote}\s*(?:#.*)?", line) else index
    return index


def _value(text: str, after_blank: bool) -> tuple[str, str]:
    """Return the quote around a value, and what is inside: of double quotes with its escapes."""
    if double := _DOUBLE.fullmatch(text):
        return '"', double[1]
    if single := _SINGLE.fullmatch(text):
        return "'", single[1].replace("\\'", "'")
    if after_blank and text.startswith("#"):
        return "", ""
    return "", re.split(r"\s#", text, maxsplit=1)[0].rstrip()


def _unescaped(text: str, dollar: str) -> str:
    escaped = {**_ESCAPED, "$": dollar}
    return _ESCAPE.sub(lambda match: escaped.get(match[1], match[1]), text)
