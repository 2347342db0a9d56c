"""An app spec in no platform's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Path
from provisioner.lint.view import Env, Service, Text, View

PLACEHOLDER = re.compile(r"<[^<>]*>|(?i:change[-_ ]?me|your[-_ ]?\S+|\S*x{8,}\S*)")
KINDS = ("services", "workers", "jobs", "static_sites", "functions")


def components(spec: dict[str, Any], at: Path, *kinds: str) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield the kind, path and table of each component; what is no table is left out."""
    for kind in kinds or KINDS:
        for index, item in tables(spec, kind):
            yield kind, (*at, kind, index), item


def tables(item: Any, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the index of each table in the list under `key`, and the table."""
    items = item.get(key) if isinstance(item, dict) else None
    for index, found in enumerate(items if isinstance(items, list) else []):
        if isinstance(found, dict):
            yield index, found


def view(spec: dict[str, Any], at: Path, facts: Facts) -> View:
    """Return what the spec says; ``at`` is where it stands in the file."""
    services = tuple(_service(kind, item, here, facts) for kind, here, item in components(spec, at))
    return View(services, envs=(*_envs(spec, at), *_logins(spec, at)))


def _service(kind: str, item: dict[str, Any], at: Path, facts: Facts) -> Service:
    check = item.get("health_check")
    path = check.get("http_path") if isinstance(check, dict) else None
    served = kind == "services" and not item.get("internal_ports")
    port = item.get("http_port", facts.integer("default_port"))
    return Service(
        name=str(item.get("name", "The component")),
        at=at,
        public=served,
        images=_image(item, at),
        commands=_texts(item, at, "run_command"),
        build_commands=_texts(item, at, "build_command"),
        envs=_envs(item, at),
        health=Text(path, (*at, "health_check", "http_path")) if isinstance(path, str) else None,
        # The port that is named here is the one that requests are sent to, and the one in PORT.
        port_is_set=not isinstance(port, int),
        default_port=port if isinstance(port, int) else 0,
    )


def _image(item: dict[str, Any], at: Path) -> tuple[Text, ...]:
    image = item.get("image")
    if not isinstance(image, dict) or not isinstance(image.get("repository"), str):
        return ()
    suffix = f"@{image['digest']}" if image.get("digest") else f":{image['tag']}" if image.get("tag") else ""
    return (Text(f"{image['repository']}{suffix}", (*at, "image", "tag" if image.get("tag") else "repository")),)


def _envs(item: dict[str, Any], at: Path) -> tuple[Env, ...]:
    found = []
    for index, env in tables(item, "envs"):
        name = env.get("key")
        if not isinstance(name, str):
            continue
        here: Path = (*at, "envs", index)
        value = env.get("value")
        if not isinstance(value, str | int | float) or PLACEHOLDER.fullmatch(str(value).strip()):
            found.append(Env(name, here, origin="prompt"))
        elif str(value).startswith("${"):
            found.append(Env(name, here, str(value), origin="reference"))
        else:
            found.append(Env(name, (*here, "value"), str(value)))
    return tuple(found)


def _logins(spec: dict[str, Any], at: Path) -> Iterator[Env]:
    """Yield what a component logs in with at a registry, and at those that it sends its logs to."""
    for _, here, item in components(spec, at):
        image = item.get("image")
        found: list[tuple[Path, Any]] = []
        if isinstance(image, dict):
            found.append(((*here, "image", "registry_credentials"), image.get("registry_credentials")))
        for index, log in tables(item, "log_destinations"):
            place = (*here, "log_destinations", index)
            for service, key in (("datadog", "api_key"), ("logtail", "token")):
                inner = log.get(service)
                found.append(((*place, service, key), inner.get(key) if isinstance(inner, dict) else None))
        for place, value in found:
            if isinstance(value, str) and not PLACEHOLDER.fullmatch(value.strip()):
                yield Env(str(place[-1]), place, value)


def _texts(item: dict[str, Any], at: Path, field: str) -> tuple[Text, ...]:
    return (Text(item[field], (*at, field)),) if isinstance(item.get(field), str) else ()
