"""``render.yaml`` in no platform's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Path
from provisioner.lint.view import Database, Env, Service, Text, View
from provisioner.recipes import Recipe, recipe

PUBLIC = "0.0.0.0/0"


def resources(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every part that holds services and databases: the top, ``ungrouped`` and projects' environments."""
    yield (), data
    if isinstance(data.get("ungrouped"), dict):
        yield ("ungrouped",), data["ungrouped"]
    for number, project in enumerate(_dicts(data.get("projects"))):
        for index, environment in enumerate(_dicts(project.get("environments"))):
            yield ("projects", number, "environments", index), environment


def view(data: dict[str, Any], facts: Facts) -> View:
    """Return what the file says; whatever has another shape than expected is left out."""
    made = recipe(facts.table("secret_recipe"))
    services: list[Service] = []
    databases: list[Database] = []
    groups: list[Env] = []
    for at, part in resources(data):
        for index, service in enumerate(_dicts(part.get("services"))):
            if service.get("type") in ("web", "pserv", "worker", "cron"):
                services.append(_service(service, (*at, "services", index), made, facts))
            elif service.get("type") in ("keyvalue", "redis") and service.get("ipAllowList"):
                databases.append(_database(service, (*at, "services", index)))
        for index, database in enumerate(_dicts(part.get("databases"))):
            databases.append(_database(database, (*at, "databases", index)))
        for index, group in enumerate(_dicts(part.get("envVarGroups"))):
            groups += _envs(group, (*at, "envVarGroups", index), made)
    return View(tuple(services), tuple(databases), tuple(groups))


def _service(service: dict[str, Any], at: Path, made: Recipe, facts: Facts) -> Service:
    runtime = service.get("runtime", service.get("env"))
    health = service.get("healthCheckPath")
    image = service.get("image")
    url = image.get("url") if isinstance(image, dict) else None
    envs = tuple(replace(env, runtime=str(runtime)) for env in _envs(service, at, made))
    return Service(
        name=str(service.get("name", "The service")),
        at=at,
        public=service.get("type") == "web" and runtime != "static",
        images=(Text(url, (*at, "image", "url")),) if isinstance(url, str) else (),
        commands=_texts(service, at, "startCommand", "dockerCommand"),
        build_commands=_texts(service, at, "buildCommand"),
        other_commands=_texts(service, at, "preDeployCommand", "initialDeployHook"),
        envs=envs,
        health=Text(health, (*at, "healthCheckPath")) if isinstance(health, str) else None,
        port_is_set=any(env.name == "PORT" for env in envs),
        default_port=facts.integer("default_port"),
        finds_port=True,
        database_at_build=True,
    )


def _database(database: dict[str, Any], at: Path) -> Database:
    name = str(database.get("name", "of this file"))
    allowed = database.get("ipAllowList")
    if allowed is None:
        return Database(name, at, open_to=at)
    for index, item in enumerate(_dicts(allowed)):
        if item.get("source") in (PUBLIC, "::/0"):
            return Database(name, at, open_to=(*at, "ipAllowList", index, "source"))
    return Database(name, at)


def _envs(item: dict[str, Any], at: Path, made: Recipe) -> tuple[Env, ...]:
    found = []
    for index, env in enumerate(_dicts(item.get("envVars"))):
        name, here = env.get("key"), (*at, "envVars", index)
        if not isinstance(name, str):
            continue
        if env.get("generateValue") is True:
            found.append(Env(name, here, origin="generated", recipe=made))
        elif "fromDatabase" in env or "fromService" in env:
            found.append(Env(name, here, origin="reference"))
        elif isinstance(env.get("value"), str | int | float):
            found.append(Env(name, (*here, "value"), str(env["value"])))
        elif env.get("sync") is False:
            found.append(Env(name, here, origin="prompt"))
        if isinstance(env.get("previewValue"), str | int | float):
            found.append(Env(name, (*here, "previewValue"), str(env["previewValue"])))
    return tuple(found)


def _texts(item: dict[str, Any], at: Path, *fields: str) -> tuple[Text, ...]:
    return tuple(Text(item[field], (*at, field)) for field in fields if isinstance(item.get(field), str))


def _dicts(value: Any) -> list[dict[str, Any]]:
    """Return the tables of a list; those of another type count as empty, so that places stay right."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []
