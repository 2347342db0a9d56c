"""``$NAME``, ``${NAME}`` and ``${NAME:-default}`` as Docker Compose replaces them.

https://docs.docker.com/reference/compose-file/interpolation/ (read 2026-11-21)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_START = re.compile(rf"\$(?:\$|\{{|(?P<name>{_NAME}))")
_BRACED = re.compile(rf"(?P<name>{_NAME})(?:(?P<operator>:?[-+?])(?P<word>.*))?", re.DOTALL)
DEEPEST = 10  # a default may hold another reference
LARGEST = 1_000_000  # characters put in, in one value: references to references could otherwise grow without end


class Interpolation:
    """Replaces references by `values`; never by this machine's own environment.

    `used` collects the names that were replaced, `missing` those that nothing sets. In a file of NAME=value lines
    (`literal`) a missing one, and ``$$``, stay as they are written: not every reader of such a file replaces
    anything, and then a password's ``$`` is a ``$``.
    """

    def __init__(self, values: Mapping[str, str], *, literal: bool) -> None:
        self.values = values
        self.literal = literal
        self.used: set[str] = set()
        self.missing: set[str] = set()
        self.untouched = False
        self.grown = 0

    def text(self, text: str, depth: int = 0) -> str:
        """Return the text with its references replaced."""
        pieces: list[str] = []
        position = 0
        while found := _START.search(text, position):
            pieces.append(text[position : found.start()])
            position = found.end()
            if found[0] == "$$":
                self.untouched = self.untouched or self.literal
                pieces.append("$$" if self.literal else "$")
            elif found["name"]:
                pieces.append(self._value(found["name"], found[0]))
            else:
                end = _closing(text, position)
                inner = _BRACED.fullmatch(text[position:end]) if end >= 0 and depth < DEEPEST else None
                whole = text[found.start() : end + 1] if end >= 0 else found[0]
                pieces.append(self._braced(inner, whole, depth) if inner else whole)
                position = found.start() + len(whole)
        return "".join(pieces) + text[position:]

    def _value(self, name: str, written: str) -> str:
        if name in self.values:
            self.used.add(name)
            return self._given(name, written)
        self.missing.add(name)
        return written if self.literal else ""

    def _given(self, name: str, written: str) -> str:
        self.grown += len(self.values[name])
        return self.values[name] if self.grown <= LARGEST else written

    def _braced(self, found: re.Match[str], written: str, depth: int) -> str:
        name, operator, word = found["name"], found["operator"] or "", found["word"] or ""
        given = self.values.get(name)
        there = given is not None and (given != "" or not operator.startswith(":"))
        if there or operator.endswith("+"):
            self.used |= {name} & set(self.values)
        if operator.endswith("+"):
            return self.text(word, depth + 1) if there else ""
        if there:
            return self._given(name, written)
        if operator.endswith("-"):
            return self.text(word, depth + 1)
        return self._value(name, written)


def _closing(text: str, position: int) -> int:
    """Return where the brace that was opened before `position` is closed; -1 where it is not."""
    depth = 1
    for index in range(position, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index
    return -1
