"""The databases that an environment names: ``MATHESAR_DATABASES=(name|url),(name|url)``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from provisioner.dsn import DatabaseUrl, parse_cleaned
from provisioner.findings import Finding, InvalidEnvironment, finding
from provisioner.hosts import Profile
from provisioner.text import MAX_LENGTH, clean, has_control

MAX_ENTRIES = 100
MAX_NAME = 128  # characters after NFC
RESERVED = frozenset({"default", "mathesar_internal"})
_ENTRY = re.compile(r"\(([^()|,]*)\|([^()|,]*)\)")
_REFUSED = frozenset('/\\<>"`{}[]^;%$#?*=@:')


@dataclass(frozen=True)
class DatabaseEntry:
    """A user database from the environment; read-only in the product.

    ``variable`` is where to change it, ``label`` what to show in place of ``name``.
    """

    name: str
    url: DatabaseUrl
    variable: str = "MATHESAR_DATABASES"
    label: str = ""
    warnings: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        return self.label or self.name


def name_key(name: str) -> str:
    """What makes two names the same: NFC and case folding, applied until nothing changes."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def parse_databases(
    value: str | None, *, profile: Profile = "paas", variable: str = "MATHESAR_DATABASES"
) -> tuple[DatabaseEntry, ...]:
    """Read the list; empty when it is unset or blank.

    Raises InvalidEnvironment with a finding for every bad entry: one refuses the whole list.
    """
    cleaned = clean(value)
    if cleaned is None:
        return ()
    if len(cleaned.text) > MAX_LENGTH:
        raise InvalidEnvironment([finding("too-long", variable, limit="32 KiB")])
    if cleaned.problem:
        raise InvalidEnvironment([finding(cleaned.problem, variable)])
    pairs = _pairs(cleaned.text, variable)
    if len(pairs) > MAX_ENTRIES:
        raise InvalidEnvironment([finding("too-many", variable, limit=str(MAX_ENTRIES))])

    problems: list[Finding] = []
    entries: list[DatabaseEntry] = []
    seen: dict[str, str] = {}
    torn = False  # a password with brackets can cut an entry in two; then what follows is no name
    for position, (raw, url) in enumerate(pairs, start=1):
        name = unicodedata.normalize("NFC", raw.strip(" "))
        kind = name_problem(name)
        place = (
            f"entry {position}" if kind or torn or ("@" in url and "://" not in url) else f"entry {position} '{name}'"
        )
        torn = torn or ("://" in url and "@" not in url)
        if kind:
            problems.append(finding(kind, variable, entry=place, name=name if kind == "name-reserved" else ""))
        elif name_key(name) in seen:
            problems.append(finding("name-duplicate", variable, entry=place))
        seen.setdefault(name_key(name), place)
        try:
            entry = _entry(raw, name, url, profile, variable, place)
        except InvalidEnvironment as invalid:
            problems.extend(invalid.findings)
        else:
            entries.append(entry)
    if problems:
        raise InvalidEnvironment(problems)
    outer = tuple(finding(kind, variable) for kind in cleaned.warnings)
    if outer:
        entries[0] = replace(entries[0], warnings=outer + entries[0].warnings)
    return tuple(_with_warnings(entries))


def _with_warnings(entries: list[DatabaseEntry]) -> Iterable[DatabaseEntry]:
    """Let each URL carry every warning about its entry, also that another name leads to the same place."""
    first: dict[str, DatabaseEntry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.url.target(), entry)
        same = same_targets((earlier, entry)) if earlier is not entry else []
        warnings = (*entry.warnings, *same)
        yield replace(entry, url=replace(entry.url, warnings=warnings)) if warnings else entry


def name_problem(name: str) -> str:
    """Return the kind of what is wrong with an entry's name, or ''."""
    if not name:
        return "name-empty"
    if len(name) > MAX_NAME:
        return "name-length"
    if has_control(name) or not _REFUSED.isdisjoint(name) or not any(c.isalnum() for c in name):
        return "name-chars"
    return "name-reserved" if name_key(name) in RESERVED else ""


def same_targets(entries: Iterable[DatabaseEntry]) -> list[Finding]:
    """A warning for each entry that leads where an earlier one leads."""
    found: list[Finding] = []
    seen: dict[str, DatabaseEntry] = {}
    for entry in entries:
        first = seen.setdefault(entry.url.target(), entry)
        if first is not entry:
            found.append(finding("same-target", entry.variable, entry=f"'{entry.title}'", other=f"'{first.title}'"))
    return found


def _entry(raw: str, name: str, url: str, profile: Profile, variable: str, place: str) -> DatabaseEntry:
    cleaned = clean(url)
    if cleaned is None:
        raise InvalidEnvironment([finding("scheme", variable, entry=place)])
    parsed = parse_cleaned(cleaned, profile=profile, variable=variable, entry=place)
    trimmed = (finding("trimmed", variable, entry=place),) if raw != raw.strip(" ") else ()
    return DatabaseEntry(name, parsed, variable, warnings=trimmed + parsed.warnings)


def _pairs(text: str, variable: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _ENTRY.match(text, position)
        if match is None:
            reason = f"; entry {len(pairs) + 1} cannot be read"
            raise InvalidEnvironment(
                [finding("entry-syntax", variable, entry=f"entry {len(pairs) + 1}", reason=reason)]
            )
        pairs.append((match[1], match[2]))
        position = match.end()
        comma = re.compile(r"\s*,\s*").match(text, position)
        if comma is None and position < len(text):
            raise InvalidEnvironment([finding("entry-syntax", variable, reason=f" after entry {len(pairs)}")])
        position = comma.end() if comma else position
    return pairs
