"""Dated facts about a platform: each has a value, the day it was true and where that was read."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

# Python 3.10 has no tomllib; tomli is the same reader. By name, so that types need only one of them.
tomllib: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


@dataclass(frozen=True, slots=True)
class Fact:
    """One table of a ``facts.toml``; `date` is ISO 8601 (``2026-11-20``)."""

    value: Any
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one platform by name, with readers that check the type."""

    facts: dict[str, Fact]

    def integer(self, name: str) -> int:
        """Return a whole number. Raises KeyError (no such fact) or TypeError."""
        value = self.facts[name].value
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"the fact {name} is not a whole number")
        return value

    def text(self, name: str) -> str:
        """Return a string. Raises KeyError (no such fact) or TypeError."""
        value = self.facts[name].value
        if not isinstance(value, str):
            raise TypeError(f"the fact {name} is not a string")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings. Raises KeyError (no such fact)."""
        return tuple(str(item) for item in self.facts[name].value)

    def table(self, name: str) -> dict[str, Any]:
        """Return a table: plans by name, retired names with their successors. Raises KeyError or TypeError."""
        value = self.facts[name].value
        if not isinstance(value, dict):
            raise TypeError(f"the fact {name} is not a table")
        return value

    def integers(self, name: str) -> frozenset[int]:
        """Return a set of whole numbers. Raises KeyError (no such fact)."""
        return frozenset(int(item) for item in self.facts[name].value)


def load_facts(module_file: str) -> Facts:
    """Read ``facts.toml`` beside `module_file` (a platform passes its ``__file__``).

    Raises TypeError where a table lacks ``value``, ``date`` or ``source``.
    """
    tables = tomllib.loads((Path(module_file).parent / "facts.toml").read_text(encoding="utf-8"))
    return Facts({name: Fact(**table) for name, table in tables.items()})
