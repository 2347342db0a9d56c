"""A Compose project out of its files: overrides, ``extends`` and ``include`` put together, service by service.

https://docs.docker.com/reference/compose-file/merge/, …/extends/ and …/include/ (read 2026-11-21)
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.findings import Finding, finding
from provisioner.text import printable

from .compose_text import EnvFile, NotCompose, Service, Setting, pairs, parsed, services_of
from .interpolation import Interpolation

Open = Callable[[str], "str | None"]  # a path beside the file → its text; None where it cannot be read
_TAGS = re.compile(r"^[^#\n]*\s!(?:reset|override)\b", re.MULTILINE)  # what an override takes away, or replaces whole
_PLAIN_PATH = re.compile(r"[\w./-]{1,100}")
DEEPEST = 50  # services that extend one another
MOST_INCLUDED = 100  # files


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    text: str = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    folder: str  # where its paths begin


class Project:
    """The services of all files that were added, in their order. `findings` name what could not be read."""

    def __init__(self, open_beside: Open, values: Mapping[str, str]) -> None:
        self.open_beside = open_beside
        self.values = values
        self.findings: list[Finding] = []
        self.services: dict[str, Service] = {}
        self.included: set[str] = set()
        self.opened: dict[tuple[str, str], _File | None] = {}

    def add(self, text: str, name: str, folder: str = "") -> None:
        """Add a file's text. Raises NotCompose."""
        data = parsed(text)
        if not any(isinstance(each, dict) for each in services_of(data).values()) and "include" not in data:
            raise NotCompose("it has no services, so it is no Compose file")
        self.included.add(name)
        self._merge(_File(name, text, data, folder))

    def add_file(self, path: str, folder: str) -> None:
        """Add a file that goes over the others; what is wrong with it is a finding."""
        file = self._open(path, folder)
        if file is None:
            self._unread("COMPOSE_FILE", _named("a Compose file", path))
        else:
            self._merge(file)

    def _merge(self, file: _File) -> None:
        if _TAGS.search(file.text):
            self._unread(printable(file.name), "what !reset or !override changes")
        for path in self._included(file):
            if path in self.included:
                continue
            self.included.add(path)
            found = self._open(path, posixpath.dirname(path)) if len(self.included) <= MOST_INCLUDED else None
            if found is None:
                self._unread(printable(file.name), _named("a file that is named under include", path))
            else:
                self._merge(found)
        for key, body in services_of(file.data).items():
            if isinstance(body, dict):
                later = self._service(file, str(key), body, ())
                self.services[str(key)] = self.services.get(str(key), Service("")).then(later)

    def _included(self, file: _File) -> Iterator[str]:
        listed = file.data.get("include")
        for each in listed if isinstance(listed, list) else []:
            if isinstance(each, dict) and ("env_file" in each or "project_directory" in each):
                self._unread(printable(file.name), "what env_file or project_directory under include changes")
            paths = each.get("path") if isinstance(each, dict) else each
            for path in paths if isinstance(paths, list) else [paths]:
                yield self._path(file.folder, path)

    def _service(self, file: _File, key: str, body: Mapping[str, Any], trail: tuple[tuple[str, str], ...]) -> Service:
        place = f"{printable(file.name)}, service {printable(key)}"
        base = Service("")
        if extends := body.get("extends"):
            found = self._extended(file, extends, place, (*trail, (file.name, key)))
            base = found or base
            if found is None:
                path = extends.get("file") if isinstance(extends, dict) else None
                self._unread(place, _named("the service that is named under extends", str(path or "")))
        settings = tuple(Setting(name, value, place, file.text) for name, value in pairs(body.get("environment")))
        files = tuple(self._env_files(file, body.get("env_file"), place))
        return base.then(Service(printable(key), str(body.get("image") or ""), files, settings))

    def _extended(self, file: _File, extends: Any, place: str, trail: tuple[tuple[str, str], ...]) -> Service | None:
        """Return the service that another one extends; None where it cannot be found, or extends itself."""
        named = extends if isinstance(extends, dict) else {"service": extends}
        if "file" in named:
            path = self._path(file.folder, named["file"])
            other = self._open(path, posixpath.dirname(path))
        else:
            other = file
        key = str(named.get("service") or "")
        body = services_of(other.data).get(key) if other else None
        if other is None or not isinstance(body, dict) or (other.name, key) in trail or len(trail) > DEEPEST:
            return None
        return self._service(other, key, body, trail)

    def _env_files(self, file: _File, listed: Any, place: str) -> Iterator[EnvFile]:
        for each in listed if isinstance(listed, list) else [listed] if listed else []:
            path = each.get("path", "") if isinstance(each, dict) else each
            if isinstance(each, dict) and each.get("format"):
                self._unread(place, "a file that is named under env_file, with a format of its own")
                continue
            required = not isinstance(each, dict) or each.get("required") is not False
            yield EnvFile(self._path(file.folder, path), required, place)

    def _path(self, folder: str, path: Any) -> str:
        """Return a path as it is meant, seen from the project's folder."""
        return posixpath.join(folder, Interpolation(self.values, literal=False).text(str(path)))

    def _open(self, path: str, folder: str) -> _File | None:
        key = (path, folder)
        if key not in self.opened:
            text = self.open_beside(path)
            try:
                self.opened[key] = None if text is None else _File(path, text, parsed(text), folder)
            except NotCompose:
                self.opened[key] = None
        return self.opened[key]

    def _unread(self, variable: str, what: str) -> None:
        self.findings.append(finding("import-not-read", variable, what=what))


def _named(what: str, path: str) -> str:
    """Return what was not read, with its path where that is a plain one: a URL may hold a password."""
    return f"{what} ({path})" if _PLAIN_PATH.fullmatch(path) else what
