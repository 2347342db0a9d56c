"""A ``docker-compose.yml``: the environment of Mathesar's service, with what its references come to."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from provisioner.findings import Finding, finding
from provisioner.secret import Secret
from provisioner.variables import find

from .compose_project import EnvFile, Open, Project, Service, Setting
from .dotenv import read_dotenv
from .interpolation import Interpolation
from .old_names import OLD_NAMES
from .outcome import Old, Read, Unused

# What only Mathesar's own service has; the database's and the proxy's share the rest.
_OWN = ("SECRET_KEY", "MATHESAR_DATABASES", "DJANGO_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY")
_SHARED = ("part", "address", "proxy", "container", "port")

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(slots=True)
class _Resolved:
    """A service with what its variables come to; `unused` are the values that later ones replaced."""

    name: str
    image: str
    variables: dict[str, Old] = field(default_factory=dict)
    unused: list[Unused] = field(default_factory=list)

    def put(self, old: Old) -> None:
        earlier = self.variables.get(old.name)
        if earlier is not None and earlier.value != old.value:
            why = f"{old.place} says something else, and counts"
            self.unused.append(Unused(old.name, earlier.value, earlier.place, why))
        self.variables[old.name] = old


def read_compose(text: str, name: str, dotenv: Read, open_beside: Open, others: Sequence[str] = ()) -> Read:
    """Read the file called `name`, with the ``.env`` beside it and the files that its services name.

    `others` are files that go over it, in their order. Raises NotCompose. References come from `dotenv` alone, as
    Compose takes them from ``.env`` and the shell.
    """
    reader = _Reader(dotenv, open_beside)
    project = Project(open_beside, reader.values)
    folder = posixpath.dirname(name)  # the first file's folder is the project's
    project.add(text, name, folder)
    for other in others:
        project.add_file(other, folder)
    found = [reader.service(each) for each in project.services.values()]
    reader.findings += project.findings
    return reader.all(found or [_Resolved(name, "")])


class _Reader:
    def __init__(self, dotenv: Read, open_beside: Open) -> None:
        self.dotenv = dotenv
        self.open_beside = open_beside
        self.values = {each.name: each.text for each in dotenv.variables}
        self.findings: list[Finding] = list(dotenv.findings)
        self.used: dict[str, set[str]] = {key: set(names) for key, names in (dotenv.used or {}).items()}
        self.taken: dict[str, set[tuple[str, str]]] = {}  # of .env: which service took it, into which variable

    def service(self, service: Service) -> _Resolved:
        """Return a service's variables: first its files', then its own, as Compose lets them win."""
        resolved = _Resolved(service.name, service.image)
        for file in service.files:
            self._file(resolved, file)
        for setting in service.settings:
            self._own(resolved, setting)
        return resolved

    def _file(self, service: _Resolved, file: EnvFile) -> None:
        text = self.open_beside(file.path)
        if text is None:
            if file.required:
                self.findings.append(finding("import-env-file", file.place))
            return
        name = "".join(each if each.isprintable() else "?" for each in file.path)
        read = read_dotenv(text, name, compose=True, base=self.values)
        self.findings += [each for each in read.findings if each not in self.findings]
        service.unused += read.unused
        for old in read.variables:
            service.put(old)
        for key, names in (read.used or {}).items():
            self._take(service, key, *names)

    def _take(self, service: _Resolved, name: str, *into: str) -> None:
        self.used.setdefault(name, set()).update(into)
        self.taken.setdefault(name, set()).update((service.name, each) for each in into)

    def _own(self, service: _Resolved, setting: Setting) -> None:
        key, value = setting.key, setting.value
        if not VARIABLE_NAME.fullmatch(key):
            self.findings.append(finding("import-line", setting.place))
            return
        if value is None:  # passed through from the shell, or from .env
            if key not in self.values:
                self.findings.append(finding("import-unset", key, names=key))
                return
            value = f"${{{key}}}"
        interpolation = Interpolation(self.values, literal=False)
        written = value if isinstance(value, str) else self._plain(setting)
        old = Old(key, Secret(interpolation.text(written)), setting.place)
        for each in interpolation.used:
            self._take(service, each, key)
        if interpolation.missing:
            self.findings.append(interpolation.unset(key))
        if interpolation.unsure:
            why = "as it was written, with its references"
            service.unused.append(Unused(key, Secret(written), setting.place, why))
        service.put(old)

    def _plain(self, setting: Setting) -> str:
        """Return a value that is no string as it is written: a password may be 0042, which YAML takes for a number."""
        key, said = setting.key, json.dumps(setting.value)
        written = re.findall(rf"\b{re.escape(key)}\s*:\s+([+-.\w]+)\s*(?:#.*)?$", setting.text, re.MULTILINE)
        if isinstance(setting.value, int | float) and len(set(written)) == 1 and written[0] != said:
            self.findings.append(finding("import-number", key))
            return str(written[0])
        return said

    def all(self, services: list[_Resolved]) -> Read:
        """Return the variables of Mathesar's service, and of the others what it shares with its own containers."""
        main = max(services, key=_likeness)
        chosen = dict(main.variables)
        giver = dict.fromkeys(chosen, main.name)
        unused = list(main.unused)
        for service in services:
            if service is main:
                continue
            unused += [each for each in service.unused if _shared(each.name)]
            for key, old in service.variables.items():
                if key not in chosen and _shared(key):
                    chosen[key], giver[key] = old, service.name
                elif key not in chosen:
                    self.findings.append(finding("import-other", key, service=service.name))
                elif chosen[key].value != old.value and _known(key):
                    other = f"service {giver[key]}"
                    self.findings.append(finding("import-service", key, service=service.name, other=other))
                    if _shared(key):
                        unused.append(Unused(key, old.value, old.place, f"the one of {other} counts"))
        for old in self.dotenv.variables:
            if old.name in chosen:
                if old.text not in chosen[old.name].text:
                    why = f"{chosen[old.name].place} says something else, and counts"
                    unused.append(Unused(old.name, old.value, old.place, why))
            elif other_service := self._elsewhere(old.name, main, services):
                self.findings.append(finding("import-other", old.name, service=other_service))
            else:
                chosen[old.name] = old
        used = {
            key: tuple(sorted(name for name in names if name in chosen))
            for key, names in self.used.items()
            if key in chosen and key not in {name for each in services for name in each.variables}
        }
        unused += self.dotenv.unused
        return Read(tuple(chosen.values()), tuple(dict.fromkeys(self.findings)), used, tuple(unused))

    def _elsewhere(self, name: str, main: _Resolved, services: list[_Resolved]) -> str:
        """Return the other service that a variable of .env is for; '' where it is Mathesar's, or nobody's."""
        taken = self.taken.get(name, set()) | {(each.name, name) for each in services if name in each.variables}
        if _shared(name) or any(service == main.name for service, _into in taken):
            return ""
        if not _known(name) and any(_shared(into) for _service, into in taken):
            return ""  # it is the database's password, say, under a name of one's own
        return min((service for service, _into in taken), default="")


def _likeness(service: _Resolved) -> tuple[bool, int, int]:
    """Order services by how much each looks like Mathesar's own."""
    image = "mathesar" in service.image and "caddy" not in service.image
    return image, sum(name in service.variables for name in _OWN), sum(map(_known, service.variables))


def _known(name: str) -> bool:
    return name in OLD_NAMES or (find(name) is not None and name == name.upper())


def _shared(name: str) -> bool:
    """Tell whether the old database's and proxy's containers have it from the same place as Mathesar's."""
    return name in OLD_NAMES and OLD_NAMES[name].kind in _SHARED
