"""A service template in no platform's words, with what Coolify's magic variables would hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Path
from provisioner.lint.view import Database, Env, Service, Text, View
from provisioner.recipes import Recipe

MAGIC = re.compile(r"(?<!\$)\$\{?(SERVICE_[A-Z0-9]+_[A-Za-z0-9_]+)")  # $$ is a dollar sign
ADDRESS = re.compile(r"SERVICE_(?:URL|FQDN)_(?P<name>[A-Za-z0-9_]+?)(?:_(?P<port>\d+))?$")
_ALONE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_]\w*)(?P<rest>(?::?[-?+]).*)?\}|(?P<bare>[A-Za-z_]\w*))", re.DOTALL)


def services(data: dict[str, Any]) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield name, place and table of each service that is one."""
    listed = data.get("services")
    for name, item in (listed if isinstance(listed, dict) else {}).items():
        if isinstance(item, dict):
            yield name, ("services", name), item


def variables(service: dict[str, Any], at: Path) -> Iterator[tuple[str, str | None, Path]]:
    """Yield name, value (None where there is only a name) and place, of either form."""
    given = service.get("environment")
    if isinstance(given, dict):
        for name, value in given.items():
            if value is None or isinstance(value, str | int | float):
                yield name, None if value is None else str(value), (*at, "environment", name)
    for index, line in enumerate(given if isinstance(given, list) else []):
        if isinstance(line, str):
            name, equals, value = line.partition("=")
            yield name.strip(), value if equals else None, (*at, "environment", index)


def command(magic: str) -> str:
    """Return what Coolify reads in ``SERVICE_PASSWORD_64_NAME``: PASSWORD_64."""
    return magic.removeprefix("SERVICE_").rpartition("_")[0]


def view(data: dict[str, Any], facts: Facts) -> View:
    """Return what the file says; whatever has another shape than expected is left out."""
    found: list[Service] = []
    databases: list[Database] = []
    for name, at, service in services(data):
        envs = list(variables(service, at))
        image = service.get("image")
        found.append(
            Service(
                name=name,
                at=at,
                public=any(ADDRESS.match(key) for key, _, _ in envs),
                images=(Text(_default(image), (*at, "image")),) if isinstance(image, str) else (),
                commands=(*_command(service, at, "command"), *_command(service, at, "entrypoint")),
                envs=tuple(_env(key, value, here, facts) for key, value, here in envs if not ADDRESS.match(key)),
                health=_health(service, at),
                port_is_given=False,
            )
        )
        if isinstance(image, str) and _is_database(image, facts):
            open_to = (*at, "ports") if isinstance(service.get("ports"), list) and service["ports"] else None
            databases.append(Database(name, at, open_to))
    return View(tuple(found), tuple(databases))


def _env(name: str, value: str | None, at: Path, facts: Facts) -> Env:
    if not value:
        return Env(name, at, origin="prompt")
    alone = _ALONE.fullmatch(value.strip())
    if alone is None:
        return Env(name, at, value)
    variable, rest = alone["braced"] or alone["bare"], alone["rest"] or ""
    default = rest.removeprefix(":").removeprefix("-") if rest.startswith((":-", "-")) else ""
    made = facts.table("generators").get(command(variable)) if variable.startswith("SERVICE_") else None
    if made is not None:
        return Env(name, at, origin="generated", recipe=Recipe(expression=command(variable), **made))
    if default:
        return Env(name, at, default)
    return Env(name, at, origin="reference" if variable.startswith("SERVICE_") else "prompt")


def _default(text: str) -> str:
    """Put in the defaults of ``${NAME:-default}``."""
    return re.sub(r"\$\{\w+:?-([^${}]*)\}", r"\1", text)


def _command(service: dict[str, Any], at: Path, key: str) -> tuple[Text, ...]:
    value = service.get(key)
    line = " ".join(word for word in (value if isinstance(value, list) else [value]) if isinstance(word, str))
    return (Text(line, (*at, key)),) if line else ()


def _health(service: dict[str, Any], at: Path) -> Text | None:
    check = service.get("healthcheck")
    if not isinstance(check, dict) or check.get("disable") is True:
        return None
    test = check.get("test")
    line = " ".join(word for word in (test if isinstance(test, list) else [test]) if isinstance(word, str))
    return Text(line, (*at, "healthcheck")) if line and line != "NONE" else None


def _is_database(image: str, facts: Facts) -> bool:
    name = image.split("@")[0].rsplit("/", 1)[-1].split(":")[0].lower()
    return name in facts.texts("database_images")
