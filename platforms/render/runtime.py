"""How Render turns ``render.yaml`` into a running service: https://render.com/docs/environment-variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.facts import load_facts
from provisioner.lint.document import Document
from provisioner.recipes import recipe
from provisioner.rehearsal.reading import (
    command,
    habits,
    injected,
    label_of,
    path,
    port_of,
    scalar,
    table,
    tables,
    text,
    variable,
    whole,
)  # fmt: skip
from provisioner.rehearsal.wanted import Asked, Given, MadeUp, OfDatabase, Origin, Wanted

MANIFESTS = ("render.yaml",)
PARTS = {
    "connectionString": "url", "connectionPoolString": "url", "host": "host", "port": "port", "user": "user",
    "password": "password", "database": "name",
}  # fmt: skip
_FACTS = load_facts(__file__)


def _inject(wanted: Wanted, host: str, port: int) -> dict[str, str]:
    return injected(_FACTS.table("injected"))(wanted, host, port) | port_of(wanted, port)


HABITS = habits(_FACTS, "Render", inject=_inject)


def read(documents: Mapping[str, Document]) -> Wanted:
    """Return the first web service of the Blueprint; raises ValueError where there is none."""
    if MANIFESTS[0] not in documents:
        raise ValueError("there is no render.yaml, which the button reads")
    document, facts = documents[MANIFESTS[0]], load_facts(__file__)
    services = [item for item in tables(document.get("services")) if item.get("type") == "web"]
    if not services:
        raise ValueError("render.yaml has no web service")
    service = services[0]
    plan = text(service.get("plan")) or facts.text("web_plan")
    memory = table(facts.table("web_plans").get(plan.lower())).get("memory_mb", facts.integer("memory_mb"))
    databases = tables(document.get("databases"))
    database: dict[str, Any] = databases[0] if databases else {}
    run = service.get("dockerCommand") or service.get("startCommand")
    release = service.get("preDeployCommand") if plan != "free" else None
    envs = dict(_envs(service))
    given = envs.get("PORT")
    return Wanted(
        name=label_of(service.get("name")),
        envs=envs,
        command=command(run, "the web service's command"),
        release=command(release, "preDeployCommand"),
        health=path(service.get("healthCheckPath"), "healthCheckPath"),
        port=whole(given.value if isinstance(given, Given) else None, facts.integer("default_port"), "PORT", least=1),
        instances=whole(service.get("numInstances"), 1, "numInstances", least=1),
        plan=plan,
        memory_mb=int(memory),
        shutdown_seconds=whole(
            service.get("maxShutdownDelaySeconds"), facts.integer("shutdown_seconds"), "maxShutdownDelaySeconds"
        ),
        database=bool(databases),
        dbname=text(database.get("databaseName")) or facts.text("database_name"),
        role=text(database.get("user")) or facts.text("database_role"),
        postgres=text(database.get("postgresMajorVersion")) or "",
    )


def _envs(service: dict[str, Any]) -> Iterator[tuple[str, Origin]]:
    for env in tables(service.get("envVars")):
        if "key" in env:  # what has none names a group
            yield variable(env["key"]), _origin(env)


def _origin(env: dict[str, Any]) -> Origin:
    name = str(env["key"])
    if env.get("generateValue") is True:
        return MadeUp(recipe(load_facts(__file__).table("secret_recipe")))
    if "fromDatabase" in env:
        part = text(table(env["fromDatabase"]).get("property"))
        if part not in PARTS:
            raise ValueError(f"fromDatabase of {name} names no property of a database")
        return OfDatabase(PARTS[part])  # type: ignore[arg-type]
    if env.get("sync") is False:
        return Asked(required=True)
    return Given(scalar(env.get("value"), name))
