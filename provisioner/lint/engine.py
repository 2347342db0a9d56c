"""Which platform reads a file, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Protocol

from provisioner.findings import Finding
from provisioner.platform import load, registered, room

from . import readme
from .checks import one_each
from .document import Document, Unreadable, read
from .leaves import written_out
from .marks import Mark, mark, place

ENDINGS = (".yaml", ".yml", ".json", ".toml")
UNSURE, SURE = 10, 70  # of what the platforms' `recognises` return
SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "dist", "build"})


class Linter(Protocol):
    """What a platform's ``lint`` room gives: a module with these."""

    NAMES: tuple[str, ...]
    """Patterns of the paths that the platform reads, from the repository's root (``.do/*.yaml``)."""

    def recognises(self, document: Document) -> int:
        """Return how surely the content is this platform's, from 0 to 100."""
        ...

    def lint(self, document: Document) -> Iterable[Mark]:
        """Return what is wrong; never raises for anything that a document can hold."""
        ...


@dataclass(frozen=True, slots=True)
class Linted:
    """One file: the platform that reads it ("" for none) and what was found, by line."""

    path: str
    platform: str
    label: str
    marks: tuple[Mark, ...]


@cache
def linters() -> dict[str, Linter]:
    """Return the lint rooms by platform name."""
    rooms = {name: room(load(name), "lint") for name in registered()}
    return {name: found for name, found in rooms.items() if found is not None}


def lint_text(path: str, text: str, platform: str | None = None) -> Linted:
    """Lint one manifest; `path` decides its format and, unless `platform` is given, first whose it is.

    Raises UnknownPlatform.
    """
    if platform is not None:
        load(platform)
    if path.lower().endswith(readme.ENDING):
        document = readme.read_readme(path, text)
        return _linted(path, "", [place(item, document) for item in readme.lint(document, linters().items())])
    try:
        document = read(path, text)
    except Unreadable as problem:
        return unreadable(path, problem, platform)
    name = platform or _whose(document)
    if not name or name not in linters():
        return _linted(path, name, [place(mark("manifest-unknown", ()), document)])
    marks = [mark("key-twice", at, name) for at in document.duplicates]
    if not isinstance(document.data, dict) or not document.data:
        marks.append(mark("manifest-empty", (), name, expected="a table of settings"))
    else:
        marks += linters()[name].lint(document)
        marks += written_out(document, marks, name)
    return _linted(path, name, [place(item, document) for item in one_each(marks)])


def unreadable(path: str, problem: Unreadable, platform: str | None = None) -> Linted:
    """Return the one thing that can be said of a file, or of a folder, that could not be read."""
    name = platform or _by_name(path)
    found = mark("manifest-unreadable", (), name or None, reason=problem.reason)
    return _linted(path, name, [replace(found, file=path, line=problem.line, column=problem.column)])


def manifests_in(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` that a known platform reads by name, and READMEs for their buttons, sorted.

    Hidden folders are passed over, but for .do and .railway. A folder that cannot be listed is yielded itself.
    """
    pending = [(folder, True)]
    while pending:
        here, is_folder = pending.pop()
        try:
            if is_folder:
                with os.scandir(here) as entries:
                    found = sorted(entries, key=lambda entry: entry.name, reverse=True)
                pending += [(here / entry.name, _is_folder(entry)) for entry in found if _is_looked_at(entry)]
                continue
        except OSError:
            pass
        yield here


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _is_looked_at(entry: os.DirEntry[str]) -> bool:
    if _is_folder(entry):
        return entry.name not in SKIPPED and (not entry.name.startswith(".") or entry.name in (".do", ".railway"))
    named = entry.name == "README.md" or (entry.name.endswith(ENDINGS) and _by_name(entry.path))
    try:
        return bool(named) and entry.is_file()
    except OSError:  # a link to where nobody may look
        return True


def _linted(path: str, name: str, marks: list[Mark]) -> Linted:
    label = load(name).label if name else "buttons" if path.lower().endswith(readme.ENDING) else ""
    return Linted(path, name, label, tuple(sorted(marks, key=lambda item: (item.line, item.column))))


def _parts(path: str) -> list[str]:
    """Return the path's parts; names that were flattened with ``~`` or ``__`` count as paths."""
    flat = path.replace("\\", "/").replace("~", "/").replace("__", "/")
    return [part for part in flat.split("/") if part not in ("", ".")]


def _named(path: str) -> list[str]:
    parts = _parts(path)
    found = []
    for name, linter in linters().items():
        for pattern in linter.NAMES:
            count = pattern.count("/") + 1
            if fnmatch("/".join(parts[-count:]), pattern):
                found.append((-count, name))
    return [name for _, name in sorted(found)]


def _by_name(path: str) -> str:
    named = _named(path)
    return named[0] if named else ""


def _whose(document: Document) -> str:
    """Return the platform by name; of several, and without any, by content.

    One name may be read by several platforms (app.json): whose content it surely is, goes before the name.
    """
    named = _named(document.path)
    scores = {name: linter.recognises(document) for name, linter in linters().items()}
    best = max(scores, key=lambda name: scores[name], default="")
    if not named:
        return best if best and scores[best] > 0 else ""
    chosen = max(dict.fromkeys(named), key=lambda name: scores[name])
    return best if scores[chosen] <= UNSURE and scores[best] >= SURE else chosen


def findings(files: Iterable[Linted]) -> list[Finding]:
    """Return every finding of the files, in order."""
    return [item.finding for file in files for item in file.marks]
