"""What is rehearsed: which platforms, and the manifests that their buttons read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioner.lint.document import Document, Unreadable, read
from provisioner.platform import load, registered, room

from . import powers
from .pressing import asked
from .release import NO_COMMAND
from .wanted import Asked, Runtime, Wanted


class Unusable(Exception):
    """What was asked for cannot be rehearsed; says why."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One platform with the files that its button reads."""

    name: str
    runtime: Runtime
    files: Mapping[str, Path]

    def documents(self) -> dict[str, Document]:
        """Read the files as they are now. Raises Unusable."""
        return {name: _document(path) for name, path in self.files.items()}

    def asks(self) -> dict[str, Asked]:
        """Return what the person is asked; nothing where the manifest cannot be read, which the click reports."""
        wanted = self.wanted()
        return asked(wanted) if wanted is not None else {}

    def wanted(self) -> Wanted | None:
        """Return what the manifest asks for; None where it cannot be read, which the click reports."""
        try:
            return self.runtime.read(self.documents())
        except (ValueError, LookupError, TypeError, AttributeError):
            return None

    def stamp(self) -> tuple[int, ...]:
        """Return when the files were changed; another value means that one was."""
        return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in self.files.values())


def is_mathesar(folder: Path) -> bool:
    """Tell whether this is Mathesar's own code, or a fork's: everything else is somebody else's app."""
    return (folder / "mathesar" / "__init__.py").is_file()


def check_foreign(found: Sequence[Subject], folder: Path, *, command: str | None, trusted: bool) -> None:
    """Raise Unusable where somebody's app in this folder cannot be run here as it is, or nobody has agreed to it."""
    for subject in found if not command else ():
        wanted = subject.wanted()
        if wanted is not None and wanted.command is None:
            raise Unusable(f"{subject.name}: {NO_COMMAND}")
    words = powers.beyond_ordinary(folder)
    if words and not (trusted or is_mathesar(folder)):
        raise Unusable(f"{words} {powers.ADVICE}")


def rehearsable() -> dict[str, Runtime]:
    """Return the rooms of the platforms that can be rehearsed, by name."""
    rooms = {name: room(load(name), "runtime") for name in registered()}
    return {name: found for name, found in rooms.items() if found is not None}


def subjects(names: tuple[str, ...], root: Path, manifest: Path | None) -> list[Subject]:
    """Return what these names mean; `all` is every platform that can be rehearsed. Raises Unusable."""
    rooms = rehearsable()
    known = ", ".join(rooms)
    wanted = list(dict.fromkeys(each for name in names for each in (rooms if name == "all" else (name,))))
    for name in wanted:
        if name not in rooms:
            known_at_all = name in registered()
            raise Unusable(
                f"{name} {'cannot be rehearsed yet' if known_at_all else 'is no platform'}; these can: {known}"
            )
    if manifest is not None and len(wanted) != 1:
        raise Unusable("--manifest is one platform's: name that platform alone")
    return [_subject(name, rooms[name], root, manifest) for name in wanted]


def _subject(name: str, runtime: Runtime, root: Path, manifest: Path | None) -> Subject:
    files = {path: root / path for path in runtime.MANIFESTS}
    if manifest is not None:
        # What else the platform reads lies where it would in that repository, if anywhere.
        files = {path: file for path, file in files.items() if file.is_file()}
        files[runtime.MANIFESTS[0]] = manifest
    missing = [path for path, file in files.items() if not file.is_file()]
    if missing:
        raise Unusable(
            f"{name} reads {' and '.join(missing)}, and {'it is' if len(missing) == 1 else 'they are'} not in {root}; "
            "name the repository with --root, or a manifest with --manifest"
        )
    return Subject(name, runtime, files)


def _document(path: Path) -> Document:
    try:
        text = path.read_bytes().decode()
    except OSError as problem:
        raise Unusable(f"{path}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise Unusable(f"{path}: it is not UTF-8 text") from None
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    try:
        return read(str(shown), text)
    except Unreadable:  # the click's linter says where and why
        return Document(str(shown), text, "", None)
