"""The configuration file's text: TOML whose keys are the variables, in lower case and without mathesar_.

secret_key_file = "/etc/mathesar/secret-key"
allowed_hosts = ["data.example.com"]

[databases]
Sales = "postgresql://user:password@host:5432/sales"
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .config_values import NotItsType, TornItem, as_text, example, expected, type_name
from .entries import name_problem
from .findings import Finding, finding
from .lint.document import Document, Unreadable, read
from .variables import VARIABLES, Variable, find, known_names, name_of_key

LIST = "MATHESAR_DATABASES"
_SHOWN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_BETWEEN = frozenset("()|,")
_ENTRY = '"name" = "postgresql://user:password@host:5432/database"'


@dataclass(frozen=True)
class ConfigFile:
    """What a file says. `values` are by variable (NAME or NAME_FILE), as the environment would hold them.

    `lines` and `keys` are by variable, for a database also by ``MATHESAR_DATABASES, entry 1`` and
    ``MATHESAR_DATABASES, 'name'``. `tried` are the variables that it sets, or tries to.
    """

    path: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    lines: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tried: frozenset[str] = frozenset()


def unread(path: str, kind: str, *, reason: str = "", at: tuple[int, int] = (1, 1)) -> ConfigFile:
    """Return what is known of a file that cannot be read, from this line and column on: it may have set anything."""
    found = finding(kind, path, reason=reason, line=str(at[0]), column=str(at[1]))
    return ConfigFile(path, lines={path: at[0]}, findings=(found,), tried=known_names())


def read_config(path: str, content: bytes) -> ConfigFile:
    """Read a file's content; never raises, and no finding quotes any value."""
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode("utf-8").split("\n")
        return unread(path, "config-encoding", at=(len(before), len(before[-1]) + 1))
    try:
        document = read("mathesar.toml", text)
    except Unreadable as problem:
        at = (problem.line, problem.column)
        if "(at end of document)" in problem.reason:
            lines = text.rstrip("\n").split("\n")
            at = (len(lines), len(lines[-1]) + 1)
        return unread(path, "config-syntax", reason=_safe(problem.reason), at=at)
    return _Reader(path, document).read()


def _safe(reason: str) -> str:
    """Return the TOML reader's words without the names that it puts in brackets; marks in quotes may stay."""
    words = re.sub(r"\s*\(.*\)", "", reason).strip()
    if not re.fullmatch(r"(?:[A-Za-z/, -]|'(?:[^'\w]{1,4}|\\[a-z])')+", words):
        return "it cannot be read from there on"
    return words[0].lower() + words[1:]


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


class _Reader:
    def __init__(self, path: str, document: Document) -> None:
        self.path = path
        self.document = document
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.tried: set[str] = set()

    def read(self) -> ConfigFile:
        for key, value in self.document.data.items():
            name = name_of_key(key)
            variable = find(name) if name else None
            if name is None or variable is None:
                self._unknown(key, value)
            elif name in self.keys:
                self._add("config-key-twice", name, key=key, other=self.keys[name])
            else:
                self._note(name, key, (key,))
                self._setting(name, variable, key, value)
        found = tuple(self.findings)
        return ConfigFile(self.path, self.values, self.lines, self.keys, found, frozenset(self.tried))

    def _setting(self, name: str, variable: Variable, key: str, value: Any) -> None:
        if name == LIST and isinstance(value, dict):
            self._databases(key, value)
            return
        is_path = name.endswith("_FILE")
        try:
            self.values[name] = as_text(value, variable, path=is_path)
        except NotItsType as wrong:
            self._wrong(name, key, variable, wrong.given, is_path)
        except TornItem:
            self._add("config-list-item", name, key=key)

    def _wrong(self, name: str, key: str, variable: Variable, given: str, is_path: bool) -> None:
        words = {"expected": expected(variable, path=is_path), "example": example(variable, key, path=is_path)}
        self._add("config-type", name, key=key, given=given, **words)

    def _databases(self, table: str, entries: Mapping[str, Any]) -> None:
        """Write a table of names and URLs as the list that means the same; one bad entry refuses the whole."""
        pairs: list[str] = []
        problems: list[Finding] = []
        for name, url in entries.items():
            if self._misplaced(table, name, url):
                continue
            number = len(pairs) + 1
            shown = "" if name_problem(name) or not _BETWEEN.isdisjoint(name) else name
            key = f"{table}.{shown}" if shown else table
            for short in filter(None, (f"entry {number}", shown and f"'{shown}'")):
                self._note(f"{LIST}, {short}", key, (table, name))
            place = f"entry {number} '{shown}'" if shown else f"entry {number}"
            if not isinstance(url, str):
                words = {"key": key, "expected": "a URL in quotes", "given": type_name(url), "example": _ENTRY}
                problems.append(finding("config-type", LIST, entry=place, **words))
            elif not _BETWEEN.isdisjoint(name):
                problems.append(finding("config-database-name", LIST, entry=place))
            elif not _BETWEEN.isdisjoint(url):
                problems.append(finding("config-database-chars", LIST, entry=place))
            pairs.append(f"({name}|{url})")
        self.findings += problems
        if not problems:
            self.values[LIST] = ",".join(pairs)

    def _misplaced(self, table: str, key: str, value: Any) -> bool:
        """Tell of a setting that was written below [databases]; a URL there is a database, whatever its name."""
        name = name_of_key(key)
        variable = find(name) if name else None
        if name is None or variable is None or name == LIST:
            return False
        if variable.kind != "database" and isinstance(value, str) and "://" in value:
            return False
        self._note(name, f"{table}.{key}", (table, key))
        self._add("config-misplaced", name, key=key)
        return True

    def _unknown(self, key: str, value: Any) -> None:
        shown = _SHOWN.fullmatch(key) is not None
        line = self._line((key,))
        variable = key if shown else f"the key in line {line}"
        self.lines[variable] = line
        spelling = key.lower().replace("-", "_").removeprefix("mathesar_")
        known = [row.key for row in VARIABLES if row.key]
        near = difflib.get_close_matches(spelling, known, n=1, cutoff=0.75)
        if near:
            self.tried.add(name_of_key(near[0]) or "")
        meant = f"; is {near[0]} meant?" if near else ": databases stand in [databases]." if _is_table(value) else "."
        self.findings.append(finding("config-unknown-key", variable, meant=meant))

    def _note(self, name: str, key: str, at: tuple[str, ...]) -> None:
        """Note where a variable, or an entry of the list, is written; the first place counts."""
        self.lines.setdefault(name, self._line(at))
        self.keys.setdefault(name, key)
        self.tried.add(name.partition(",")[0].removesuffix("_FILE"))

    def _line(self, at: tuple[str, ...]) -> int:
        """Return the line of a key, or of the first thing in a table that dotted keys make."""
        places = self.document.places
        inside = (line for path, (line, _) in places.items() if path[: len(at)] == at)
        return places[at][0] if at in places else min(inside, default=self.document.place(at)[0])

    def _add(self, kind: str, variable: str, **details: str) -> None:
        self.findings.append(finding(kind, variable, **details))
