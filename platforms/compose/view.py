"""A Compose file in no platform's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from provisioner.lint.document import Path
from provisioner.lint.view import Database, Env, Service, Text, View

from .interpolation import resolved

DATABASE = re.compile(
    r"(?:postgres(?:ql)?|postgis|pgvector|pgautoupgrade|timescaledb(?:-ha)?|mysql|mariadb|percona|mongo|mongodb|redis|valkey|mssql)"
)
LOOPBACK = ("127.", "[::1]", "::1", "localhost")
_ASKED = re.compile(r"https?://(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d+)?")


def services(data: dict[str, Any]) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield name, path and table of each service."""
    found = data.get("services")
    for name, service in found.items() if isinstance(found, dict) else ():
        if isinstance(service, dict):
            yield str(name), ("services", name), service


def image(service: dict[str, Any]) -> str:
    """Return what is pulled, defaults put in; "" where the image is built."""
    written = service.get("image")
    return resolved(written) if isinstance(written, str) and "build" not in service else ""


def is_database(service: dict[str, Any]) -> bool:
    """Tell by its image whether a service is a database, of which nobody outside should reach the port."""
    name = image(service).partition("@")[0].rsplit("/", 1)[-1].partition(":")[0]
    return DATABASE.fullmatch(name) is not None


def published(service: dict[str, Any]) -> Iterator[tuple[int, bool]]:
    """Yield the index of each port that is published, and whether this machine alone reaches it."""
    ports = service.get("ports")
    for index, port in enumerate(ports if isinstance(ports, list) else []):
        if isinstance(port, dict):
            address = port.get("host_ip")
        else:
            text = resolved(str(port))
            address = text if text.count(":") > 1 or text.startswith("[") else ""
        yield index, isinstance(address, str) and resolved(address).startswith(LOOPBACK)


def view(data: dict[str, Any]) -> View:
    """Return what the file says; whatever has another shape than expected is left out."""
    found: list[Service] = []
    databases: list[Database] = []
    arguments: list[Env] = []
    for name, at, service in services(data):
        open_ports = [(*at, "ports", index) for index, here in published(service) if not here]
        if is_database(service):
            databases.append(Database(name, at, open_to=open_ports[0] if open_ports else None))
        arguments += _arguments(service, at)
        found.append(_service(name, at, service, public=any(True for _ in published(service))))
    return View(tuple(found), tuple(databases), tuple(arguments))


def _service(name: str, at: Path, service: dict[str, Any], *, public: bool) -> Service:
    health = _health(service, at)
    pulled = image(service)
    asked = _ASKED.search(health.value) if health else None
    return Service(
        name=name,
        at=at,
        public=public and not is_database(service),
        images=(Text(pulled, (*at, "image")),) if pulled else (),
        commands=tuple(_commands(service, at)),
        envs=tuple(environment(service, at)),
        health=health,
        port_is_given=False,  # Compose says no port: a number of the file's own is right
        prober_hosts=(asked["host"],) if asked else (),
    )


def _health(service: dict[str, Any], at: Path) -> Text | None:
    check = service.get("healthcheck")
    if not isinstance(check, dict) or check.get("disable") is True:
        return None
    test = check.get("test")
    words = [str(item) for item in test] if isinstance(test, list) else [str(test)] if test else []
    return None if words[:1] == ["NONE"] or not words else Text(" ".join(words), (*at, "healthcheck", "test"))


def _commands(service: dict[str, Any], at: Path) -> Iterator[Text]:
    for field in ("entrypoint", "command"):
        value = service.get(field)
        words = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        if words:
            yield Text(resolved(" ".join(str(item) for item in words)), (*at, field))


def environment(service: dict[str, Any], at: Path) -> Iterator[Env]:
    """Yield the variables of both forms, a table and a list of ``NAME=value``; a bare name comes from the shell."""
    yield from _pairs(service.get("environment"), (*at, "environment"))


def _arguments(service: dict[str, Any], at: Path) -> Iterator[Env]:
    """Yield the arguments of a build, which stay in the image."""
    build = service.get("build")
    if isinstance(build, dict):
        yield from _pairs(build.get("args"), (*at, "build", "args"))


def _pairs(written: Any, at: Path) -> Iterator[Env]:
    if isinstance(written, dict):
        for name, value in written.items():
            here = (*at, name)
            if value is None:
                yield Env(str(name), here, origin="prompt")
            elif isinstance(value, str | int | float):
                yield Env(str(name), here, resolved(str(value)))
    for index, item in enumerate(written if isinstance(written, list) else []):
        if isinstance(item, str):
            name, equals, value = item.partition("=")
            here = (*at, index)
            yield Env(name, here, resolved(value)) if equals else Env(name, here, origin="prompt")
