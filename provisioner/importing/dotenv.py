"""A ``.env`` file of an older install, as Docker Compose reads it, and what is odd about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioner.env_file import EnvFileError, read_env_file
from provisioner.findings import Finding, finding
from provisioner.secret import Secret

from .interpolation import Interpolation
from .outcome import Old, Read

_BREAK = re.compile(r"\r\n|\n|\r")
_ASSIGNED = re.compile(
    r"(?P<head>\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_.-]*\s*)(?P<sign>=|:(?=\s))\s*(?P<value>.*)", re.DOTALL
)
_OPEN = {'"': re.compile(r'"(?:[^"\\]|\\.)*', re.DOTALL), "'": re.compile(r"'[^']*")}
_ESCAPED = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment; `literal` where nothing in its value is a reference. `number` counts from 1."""

    name: str
    value: str
    number: int
    literal: bool


def read_dotenv(text: str, name: str) -> Read:
    """Read a whole file called `name`; never raises for its content, and no finding quotes a value."""
    lines, found = assignments(text, name)
    values: dict[str, str] = {}
    places: dict[str, int] = {}
    used: dict[str, set[str]] = {}
    for line in lines:
        if line.name in values and values[line.name] != line.value:
            earlier = str(places[line.name])
            found.append(finding("import-duplicate", line.name, lines=f"{earlier} and {line.number}"))
        interpolation = Interpolation(values, literal=True)
        value = line.value if line.literal else interpolation.text(line.value)
        if interpolation.used:
            names = ", ".join(sorted(interpolation.used))
            found.append(finding("import-reference", line.name, names=names))
        if interpolation.missing or interpolation.untouched:
            found.append(finding("import-dollar", line.name))
        for each in interpolation.used:
            used.setdefault(each, set()).add(line.name)
        values[line.name], places[line.name] = value, line.number
    variables = tuple(Old(key, Secret(value), f"{name}:{places[key]}") for key, value in values.items())
    return Read(variables, tuple(dict.fromkeys(found)), {key: tuple(sorted(names)) for key, names in used.items()})


def assignments(text: str, name: str) -> tuple[list[Line], list[Finding]]:
    """Return the assignments in order, and a finding for each line that is none."""
    lines: list[Line] = []
    found: list[Finding] = []
    for number, raw in _joined(text.removeprefix("\ufeff")):
        match = _ASSIGNED.fullmatch(raw)
        written = f"{match['head']}={match['value']}" if match else raw  # Compose takes NAME: value as well
        literal = bool(match and (match["value"].startswith("'") or "\\$" in match["value"]))
        try:
            if len(raw.splitlines()) > 1:  # a form feed, a Unicode line separator: no line of a .env file
                raise EnvFileError
            values = read_env_file(written)
        except EnvFileError:
            found.append(finding("import-line", f"{name}:{number}"))
            continue
        lines += [Line(key, value, number, literal) for key, (value, _) in values.items()]
    return lines, found


def _joined(text: str) -> list[tuple[int, str]]:
    """Return numbered lines; a quoted value over several lines becomes one, with its line feeds escaped."""
    physical = _BREAK.split(text)
    joined: list[tuple[int, str]] = []
    index = 0
    while index < len(physical):
        start, line = index, physical[index]
        index += 1
        match = None if line.lstrip().startswith("#") else _ASSIGNED.fullmatch(line)
        quote = match["value"][:1] if match else ""
        if match and quote in _OPEN and _OPEN[quote].fullmatch(match["value"]):
            closing = _closing(quote, physical, index)
            if closing is not None:
                body = "\n".join([match["value"], *physical[index : closing + 1]])
                line, index = f"{match['head']}={_one_line(quote, body)}", closing + 1
        joined.append((start + 1, line))
    return joined


def _closing(quote: str, lines: list[str], index: int) -> int | None:
    """Return the line, from `index` on, that closes an open quote at its end: the next one with a quote, or none."""
    for number in range(index, len(lines)):
        line = re.sub(r"\\.", "", lines[number]) if quote == '"' else lines[number]
        if quote in line:
            return number if re.fullmatch(rf"[^{quote}]*{quote}\s*(?:#.*)?", line) else None
    return None


def _one_line(quote: str, body: str) -> str:
    if quote == '"':
        return body.replace("\n", "\\n")
    inner, _, tail = body[1:].rpartition("'")
    return '"' + "".join(_ESCAPED.get(character, character) for character in inner) + '"' + tail
