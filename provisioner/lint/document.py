"""A manifest's text as plain data, with the line and column of every value."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from provisioner.facts import tomllib

from .limits import TOO_DEEP, beyond

Path: TypeAlias = tuple[str | int, ...]
LARGEST = 1_000_000  # characters; real manifests have a few thousand
_TOML_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


class Unreadable(ValueError):
    """The text is not of its format; `line` and `column` count from 1, `reason` quotes none of it."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


@dataclass(frozen=True)
class Document:
    """One manifest. `places` holds the (line, column) of values and keys by their path, from 1.

    `duplicates` are the paths of keys that were written twice, of which the last counts.
    """

    path: str
    text: str
    format: str
    data: Any
    places: dict[Path, tuple[int, int]] = field(default_factory=dict, repr=False)
    duplicates: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """The file's name alone."""
        return PurePosixPath(self.path.replace("\\", "/")).name

    def place(self, at: Path) -> tuple[int, int]:
        """Return the line and column of `at`, or of the nearest thing around it."""
        while at and at not in self.places:
            at = at[:-1]
        return self.places.get(at, (1, 1))

    def get(self, *at: str | int) -> Any:
        """Return the value at `at`; None where there is none."""
        value = self.data
        for part in at:
            if not has(value, part):
                return None
            value = value[part]
        return value


def has(value: Any, part: str | int) -> bool:
    """Tell whether `value` is a table with this key, or a list with this index."""
    if isinstance(value, list):
        return isinstance(part, int) and 0 <= part < len(value)
    return isinstance(value, dict) and part in value


def written(at: Path) -> str:
    """Return a path as people write it: ``services[0].envVars[2].key``; ``(top)`` for the whole."""
    text = ""
    for part in at:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "(top)"


def read(path: str, text: str) -> Document:
    """Read `text` by the ending of `path`: .json, .toml, else YAML, of which JSON is a part.

    Raises Unreadable.
    """
    if len(text) > LARGEST:
        raise Unreadable(f"it has more than {LARGEST:,} characters")
    text = text.removeprefix("\ufeff")
    if path.endswith(".toml"):
        return _toml(path, text)
    if path.endswith(".json"):
        return _json(path, text)
    from .yaml_reading import read_yaml

    return Document(path, text, "yaml", *read_yaml(text))


def _json(path: str, text: str) -> Document:
    from .yaml_reading import read_yaml, readable

    try:
        data = json.loads(text)
    except json.JSONDecodeError as problem:
        raise Unreadable(problem.msg, problem.lineno, problem.colno) from None
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    except ValueError:
        raise Unreadable("a number in it is too long") from None
    if reason := beyond(data):
        raise Unreadable(reason)
    try:
        _, places, duplicates = read_yaml(readable(text))
    except Unreadable:
        places, duplicates = {}, ()
    return Document(path, text, "json", data, places, duplicates)


def _toml(path: str, text: str) -> Document:
    from .toml_places import places

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = _TOML_AT.search(str(problem))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        raise Unreadable(_TOML_AT.sub("", str(problem)).strip(), line, column) from None
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    except ValueError:
        raise Unreadable("a number in it is too long") from None
    if reason := beyond(data):
        raise Unreadable(reason)
    return Document(path, text, "toml", data, places(text, data))
