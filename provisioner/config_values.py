"""One value of the configuration file as the text that its variable would hold."""

from __future__ import annotations

import re
from typing import Any

from .variables import Variable

_TOO_LONG = 10**18  # Python refuses to write thousands of digits
LISTS = frozenset({"hosts", "origins", "secrets"})
_EXPECTED = {"boolean": "true or false", "integer": "a whole number", "databases": "a table of names and URLs"}
_EXAMPLES = {
    "boolean": "{key} = true",
    "integer": "{key} = 8000",
    "databases": '[databases], and below it name = "url"',
}


class NotItsType(ValueError):
    """The value has a type that its variable does not take; `given` names it, and nothing quotes the value."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given


class TornItem(ValueError):
    """An item of a list would become two."""


def as_text(value: Any, variable: Variable, *, path: bool = False) -> str:
    """Return what the environment would hold in place of a TOML value. A string is taken as it is.

    `path` is true for the NAME_FILE form, which takes a string alone. Raises NotItsType and TornItem.
    """
    if isinstance(value, str):
        return value
    if not path and variable.kind == "boolean" and isinstance(value, bool):
        return str(value).lower()
    if not path and variable.kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= _TOO_LONG:
            raise NotItsType("a number of too many digits")
        return str(value)
    if not path and variable.kind in LISTS and isinstance(value, list):
        return _joined(value, variable)
    raise NotItsType(type_name(value))


def _joined(items: list[Any], variable: Variable) -> str:
    separator = "," if variable.kind == "secrets" else r"[,\s]"
    for item in items:
        if not isinstance(item, str):
            raise NotItsType(f"a list with {type_name(item)} in it")
        if re.search(separator, item):
            raise TornItem
    return ",".join(items)


def type_name(value: Any) -> str:
    """Name a TOML value's type for people."""
    names = ((bool, "true or false"), (int, "a whole number"), (float, "a number with a fraction"), (str, "a text"),
             (list, "a list"), (dict, "a table"))  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "a date or time")


def expected(variable: Variable, *, path: bool = False) -> str:
    """Say what a variable takes."""
    if path:
        return "a path in quotes"
    if variable.kind in LISTS:
        return "a list of texts in quotes"
    return _EXPECTED.get(variable.kind, "a text in quotes")


def example(variable: Variable, key: str, *, path: bool = False) -> str:
    """Return a line that would do."""
    if not path and variable.kind in LISTS:
        return f'{key} = ["…", "…"]'
    template = "" if path else _EXAMPLES.get(variable.kind, "")
    return template.format(key=key) or f'{key} = "…"'
