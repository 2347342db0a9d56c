"""What one Compose file says about its services, as far as an import needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.lint.document import Unreadable
from provisioner.lint.yaml_reading import read_yaml


class NotCompose(ValueError):
    """The text is no Compose file; the message gives a place and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """A file that a service's env_file names, its path seen from the project's folder; `place` is who names it."""

    path: str
    required: bool
    place: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of a service's environment; `text` is that of the whole file that it stands in."""

    key: str
    value: Any = field(repr=False)
    place: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A service as far as an import needs it; of `files` and of `settings` the later ones win."""

    name: str
    image: str = ""
    files: tuple[EnvFile, ...] = ()
    settings: tuple[Setting, ...] = ()

    def then(self, later: Service) -> Service:
        """Return this one with what another file says about it."""
        files, settings = self.files + later.files, self.settings + later.settings
        return Service(later.name, later.image or self.image, files, settings)


def parsed(text: str) -> Mapping[str, Any]:
    """Return a file's top level; empty where it is no mapping. Raises NotCompose."""
    try:
        data, _places, _duplicates = read_yaml(text)
    except Unreadable as problem:
        raise NotCompose(f"line {problem.line}: it is no YAML that can be read") from None
    return data if isinstance(data, dict) else {}


def services_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the services by name, each as it is written."""
    services = data.get("services")
    return services if isinstance(services, dict) else {}


def pairs(environment: Any) -> list[tuple[str, Any]]:
    """Return a service's environment, which is a mapping or a list of NAME=value; None for a value that is not said."""
    if isinstance(environment, dict):
        return list(environment.items())
    found: list[tuple[str, Any]] = []
    for each in environment if isinstance(environment, list) else []:
        key, equals, value = str(each).partition("=")
        found.append((key.strip(), value if equals else None))
    return found
