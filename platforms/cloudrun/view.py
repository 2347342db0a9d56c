"""``app.json`` and ``service.yaml`` in no platform's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Document, Path
from provisioner.lint.view import Env, Service, Text, View
from provisioner.recipes import recipe

HOOKS = ("prebuild", "postbuild", "precreate", "postcreate")


def app_view(document: Document, facts: Facts) -> View:
    """Return what app.json says. The button knows no health checks, and its hooks run where nobody connects to."""
    made = recipe(facts.table("secret_recipe"))
    envs: list[Env] = []
    for name, env in _table(document.get("env")).items():
        at: Path = ("env", name)
        if not isinstance(env, dict):
            continue
        if env.get("generator") == "secret":
            envs.append(Env(name, at, origin="generated", recipe=made))
        elif isinstance(env.get("value"), str) and env["value"]:
            envs.append(Env(name, (*at, "value"), env["value"]))
        else:
            envs.append(Env(name, at, origin="prompt"))
    hooks = tuple(hook_commands(document))
    name = document.get("name")
    app = Service(name if isinstance(name, str) else "The app", (), envs=tuple(envs), probes=False)
    return View((app, Service("The hooks", ("hooks",), public=False, commands=hooks)))


def hook_commands(document: Document) -> Iterator[Text]:
    """Yield every command of the hooks."""
    for hook in HOOKS:
        commands = document.get("hooks", hook, "commands")
        for index, command in enumerate(commands if isinstance(commands, list) else ()):
            if isinstance(command, str):
                yield Text(command, ("hooks", hook, "commands", index))


def service_view(document: Document) -> View:
    """Return what service.yaml says; only the container that has the port gets requests."""
    at: Path = ("spec", "template", "spec", "containers")
    containers = document.get(*at)
    items = containers if isinstance(containers, list) else []
    found = [_container(item, (*at, index), len(items)) for index, item in enumerate(items) if isinstance(item, dict)]
    return View(tuple(found))


def _container(container: dict[str, Any], at: Path, count: int) -> Service:
    image, name = container.get("image"), container.get("name")
    return Service(
        name=name if isinstance(name, str) else "The container",
        at=at,
        public=count == 1 or "ports" in container,
        images=(Text(image, (*at, "image")),) if isinstance(image, str) else (),
        commands=tuple(_commands(container, at)),
        envs=tuple(_envs(container, at)),
        health=_health(container, at),
    )


def _commands(container: dict[str, Any], at: Path) -> Iterator[Text]:
    for key in ("command", "args"):
        parts = container.get(key)
        if isinstance(parts, list) and parts:
            yield Text(" ".join(str(part) for part in parts), (*at, key))


def _envs(container: dict[str, Any], at: Path) -> Iterator[Env]:
    envs = container.get("env")
    for index, env in enumerate(envs if isinstance(envs, list) else ()):
        name = env.get("name") if isinstance(env, dict) else None
        if not isinstance(name, str):
            continue
        here = (*at, "env", index)
        if "valueFrom" in env:
            yield Env(name, here, origin="reference")
        elif isinstance(env.get("value"), str | int | float):
            yield Env(name, (*here, "value"), str(env["value"]))


def _health(container: dict[str, Any], at: Path) -> Text | None:
    """Return the path of a probe; a check of the port alone, which is the default, has none."""
    for key in ("startupProbe", "readinessProbe", "livenessProbe"):
        get = _table(_table(container.get(key)).get("httpGet"))
        if get:
            path = get.get("path")
            return Text(path if isinstance(path, str) else "/", (*at, key, "httpGet"))
        if "grpc" in _table(container.get(key)):
            return Text("/", (*at, key))
    return None


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
