"""What was read, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from provisioner.findings import Finding
from provisioner.planning import Examination
from provisioner.secret import Secret

# kept: same name and value; changed: same name, another value; renamed: another name, same value;
# merged: part of the value of another; carried: unknown here, taken over as it is; dropped: not taken over.
Fate = Literal["kept", "changed", "renamed", "merged", "carried", "dropped"]


@dataclass(frozen=True, slots=True)
class Old:
    """One variable of the old configuration; `place` is where it stands (``.env:3``)."""

    name: str
    value: Secret
    place: str

    @property
    def text(self) -> str:
        """The value itself; it may be a secret."""
        return self.value.get_secret_value()


@dataclass(frozen=True, slots=True)
class Unused:
    """An old value that nothing took over, and why; of a name that is set more than once there may be several."""

    name: str
    value: Secret
    place: str
    why: str

    @property
    def text(self) -> str:
        """The value itself; it may be a secret."""
        return self.value.get_secret_value()


@dataclass(frozen=True, slots=True)
class Read:
    """All that was read. `used` names the variables that a value of another took in, as `${NAME}`.

    `unused` are the values that another one of the same name replaced; `files` those that were read.
    """

    variables: tuple[Old, ...]
    findings: tuple[Finding, ...] = ()
    used: Mapping[str, tuple[str, ...]] | None = None
    unused: tuple[Unused, ...] = ()
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one old variable; `to` are today's variables that hold it. Nothing here is secret."""

    name: str
    place: str
    fate: Fate
    to: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """One of today's variables; `sources` are the old ones, none where it was made here."""

    name: str
    value: Secret
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """The whole conversion for one target: a platform's name, or None for a machine of one's own.

    `left` are the old values that nothing took over. `awaited` are those that the old
    configuration cannot give and the platform's own manifest sets; nothing is said about their absence.
    """

    target: str | None
    label: str
    outcomes: tuple[Outcome, ...]
    variables: tuple[New, ...]
    left: tuple[Unused, ...]
    findings: tuple[Finding, ...]
    examination: Examination
    platform_sets: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether anything is an error."""
        return any(each.severity == "error" for each in (*self.findings, *self.examination.findings))
