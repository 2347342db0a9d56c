"""A ``docker-compose.yml``: the environment of Mathesar's service, with what its references come to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.findings import Finding, finding
from provisioner.lint.document import Unreadable
from provisioner.lint.yaml_reading import read_yaml
from provisioner.secret import Secret
from provisioner.variables import find

from .dotenv import read_dotenv
from .interpolation import Interpolation
from .old_names import OLD_NAMES
from .outcome import Old, Read

# What only Mathesar's own service has; the database's and the proxy's share the rest.
_OWN = ("SECRET_KEY", "MATHESAR_DATABASES", "DJANGO_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY")

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
Open = Callable[[str], "str | None"]  # a path beside the file → its text; None where it cannot be read


class NotCompose(ValueError):
    """The text is no Compose file; the message gives a place and quotes nothing of it."""


@dataclass(slots=True)
class _Service:
    name: str
    image: str
    variables: dict[str, Old] = field(default_factory=dict)


def read_compose(text: str, name: str, dotenv: Read, open_beside: Open) -> Read:
    """Read the file called `name`, with the ``.env`` beside it and the files that its services name.

    Raises NotCompose. References come from `dotenv` alone, as Compose takes them from ``.env`` and the shell.
    """
    try:
        data, _places, _duplicates = read_yaml(text)
    except Unreadable as problem:
        raise NotCompose(f"line {problem.line}: it is no YAML that can be read") from None
    services = data.get("services") if isinstance(data, dict) else None
    if not isinstance(services, dict) or not any(isinstance(each, dict) for each in services.values()):
        raise NotCompose("it has no services, so it is no Compose file")
    reader = _Reader(name, text, dotenv, open_beside)
    found = [reader.service(str(key), body) for key, body in services.items() if isinstance(body, dict)]
    return reader.all(found)


class _Reader:
    def __init__(self, name: str, text: str, dotenv: Read, open_beside: Open) -> None:
        self.file = name
        self.text = text
        self.dotenv = dotenv
        self.open_beside = open_beside
        self.values = {each.name: each.text for each in dotenv.variables}
        self.findings: list[Finding] = list(dotenv.findings)
        self.used: dict[str, set[str]] = {key: set(names) for key, names in (dotenv.used or {}).items()}

    def service(self, name: str, body: Mapping[str, Any]) -> _Service:
        """Return a service's variables: first its files', then its own, as Compose lets them win."""
        name = _shown(name)
        service = _Service(name, str(body.get("image") or ""))
        listed = body.get("env_file") or []
        for each in listed if isinstance(listed, list) else [listed]:
            path = str(each.get("path", "")) if isinstance(each, dict) else str(each)
            self._file(service, path, required=not isinstance(each, dict) or each.get("required") is not False)
        for key, value in _pairs(body.get("environment")):
            self._own(service, key, value)
        return service

    def _file(self, service: _Service, path: str, *, required: bool) -> None:
        text = self.open_beside(path)
        if text is None:
            if required:
                self.findings.append(finding("import-env-file", f"{self.file}, service {service.name}"))
            return
        read = read_dotenv(text, _shown(path))
        self.findings += [each for each in read.findings if each not in self.findings]
        service.variables |= {each.name: each for each in read.variables}

    def _own(self, service: _Service, key: str, value: Any) -> None:
        place = f"{self.file}, service {service.name}"
        if not VARIABLE_NAME.fullmatch(key):
            self.findings.append(finding("import-line", place))
            return
        if value is None:  # passed through from the shell, or from .env
            if key not in self.values:
                self.findings.append(finding("import-unset", key, names=key))
                return
            value = f"${{{key}}}"
        interpolation = Interpolation(self.values, literal=False)
        text = interpolation.text(value if isinstance(value, str) else self._plain(key, value))
        for each in interpolation.used:
            self.used.setdefault(each, set()).add(key)
        if interpolation.missing:
            names = ", ".join(sorted(interpolation.missing))
            self.findings.append(finding("import-unset", key, names=names))
        service.variables[key] = Old(key, Secret(text), place)

    def _plain(self, key: str, value: Any) -> str:
        """Return a value that is no string as it is written: a password may be 0042, which YAML takes for a number."""
        said = json.dumps(value)
        written = re.findall(rf"\b{re.escape(key)}\s*:\s+([+-.\w]+)\s*(?:#.*)?$", self.text, re.MULTILINE)
        if isinstance(value, int | float) and len(set(written)) == 1 and written[0] != said:
            self.findings.append(finding("import-number", key))
            return str(written[0])
        return said

    def all(self, services: list[_Service]) -> Read:
        """Return the variables of Mathesar's service, and of the others what it lacks."""
        main = max(services, key=_likeness)
        chosen = dict(main.variables)
        for service in services:
            for key, old in service.variables.items():
                if key in chosen:
                    if service is not main and chosen[key].value != old.value and _known(key):
                        other = f"service {main.name}"
                        self.findings.append(finding("import-service", key, service=service.name, other=other))
                elif _known(key) or service is main:
                    chosen[key] = old
                else:
                    self.findings.append(finding("import-other", key, service=service.name))
        for old in self.dotenv.variables:
            chosen.setdefault(old.name, old)
        used = {
            key: tuple(sorted(name for name in names if name in chosen))
            for key, names in self.used.items()
            if key in chosen and key not in {name for each in services for name in each.variables}
        }
        return Read(tuple(chosen.values()), tuple(dict.fromkeys(self.findings)), used)


def _shown(name: str) -> str:
    """Return a name out of the file without what would steer a terminal."""
    return "".join(each if each.isprintable() else "?" for each in name)


def _pairs(environment: Any) -> list[tuple[str, Any]]:
    """Return a service's environment, which is a mapping or a list of NAME=value; None for a value that is not said."""
    if isinstance(environment, dict):
        return list(environment.items())
    pairs: list[tuple[str, Any]] = []
    for each in environment if isinstance(environment, list) else []:
        key, equals, value = str(each).partition("=")
        pairs.append((key.strip(), value if equals else None))
    return pairs


def _likeness(service: _Service) -> tuple[bool, int, int]:
    """Order services by how much each looks like Mathesar's own."""
    image = "mathesar" in service.image and "caddy" not in service.image
    return image, sum(name in service.variables for name in _OWN), sum(map(_known, service.variables))


def _known(name: str) -> bool:
    return name in OLD_NAMES or (find(name) is not None and name == name.upper())
