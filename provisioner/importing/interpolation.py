"""``$NAME``, ``${NAME}`` and ``${NAME:-default}`` as Docker Compose replaces them.

https://docs.docker.com/reference/compose-file/interpolation/ (read 2026-11-21)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from provisioner.findings import Finding, finding

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_START = re.compile(rf"\$(?:\$|\{{|(?P<name>{_NAME}))")
_BRACED = re.compile(rf"(?P<name>{_NAME})(?:(?P<operator>:?[-+?])(?P<word>.*))?", re.DOTALL)
_ONLY_BRACED = re.compile(rf"(?:\$\{{{_NAME}\}})+")
DEEPEST = 10  # a default may hold another reference
LARGEST = 1_000_000  # characters put in, in one value: references to references could otherwise grow without end


class Interpolation:
    """Replaces the references of one value by `values`; never by this machine's own environment.

    `used` collects the names that were replaced, `missing` those that nothing sets. In a file of NAME=value lines
    that comes alone (`literal`) a missing one stays as it is written: not every reader of such a file replaces
    anything, and then a password's ``$`` is a ``$``. `default` tells of a word that was
    taken, or left out, because a name is unset or empty; `unsure` that a missing name may be a piece of a password.
    """

    def __init__(self, values: Mapping[str, str], *, literal: bool) -> None:
        self.values = values
        self.literal = literal
        self.used: set[str] = set()
        self.missing: set[str] = set()
        self.default = False
        self.grown = 0
        self.unsure = False

    def text(self, text: str, depth: int = 0) -> str:
        """Return the text with its references replaced."""
        sure = _ONLY_BRACED.fullmatch(text) is not None
        pieces: list[str] = []
        position = 0
        while found := _START.search(text, position):
            pieces.append(text[position : found.start()])
            position = found.end()
            if found[0] == "$$":
                pieces.append("$")
            elif found["name"]:
                pieces.append(self._value(found["name"], found[0], sure=False))
            else:
                end = _closing(text, position)
                inner = _BRACED.fullmatch(text[position:end]) if end >= 0 and depth < DEEPEST else None
                whole = text[found.start() : end + 1] if end >= 0 else found[0]
                pieces.append(self._braced(inner, whole, depth, sure) if inner else whole)
                position = found.start() + len(whole)
        return "".join(pieces) + text[position:]

    def findings(self, variable: str) -> list[Finding]:
        """Return what has to be said about the value, in a file of NAME=value lines."""
        found: list[Finding] = []
        if self.used:
            found.append(finding("import-reference", variable, names=", ".join(sorted(self.used))))
        if self.missing:
            found.append(finding("import-dollar", variable) if self.literal else self.unset(variable))
        if self.default:
            found.append(finding("import-alternative", variable))
        return found

    def unset(self, variable: str) -> Finding:
        """Return the finding about names that nothing sets; none is named that may be a piece of a password."""
        if self.unsure:
            return finding("import-cut", variable)
        return finding("import-unset", variable, names=", ".join(sorted(self.missing)))

    def _value(self, name: str, written: str, *, sure: bool) -> str:
        if name in self.values:
            self.used.add(name)
            return self._given(name, written)
        self.missing.add(name)
        self.unsure = self.unsure or not sure
        return written if self.literal else ""

    def _given(self, name: str, written: str) -> str:
        self.grown += len(self.values[name])
        return self.values[name] if self.grown <= LARGEST else written

    def _braced(self, found: re.Match[str], written: str, depth: int, sure: bool) -> str:
        name, operator, word = found["name"], found["operator"] or "", found["word"] or ""
        given = self.values.get(name)
        there = given is not None and (given != "" or not operator.startswith(":"))
        if there or operator.endswith("+"):
            self.used |= {name} & set(self.values)
        if operator.endswith("+"):
            self.default = self.default or not there
            return self.text(word, depth + 1) if there else ""
        if there:
            return self._given(name, written)
        if operator.endswith("-"):
            self.default = True
            return self.text(word, depth + 1)
        return self._value(name, written, sure=sure or name == name.upper())


def _closing(text: str, position: int) -> int:
    """Return where the brace that was opened before `position` is closed; -1 where it is not."""
    depth = 1
    for index in range(position, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index
    return -1
