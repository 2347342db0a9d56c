"""How Render turns ``render.yaml`` into a running service: https://render.com/docs/environment-variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.facts import load_facts
from provisioner.lint.document import Document
from provisioner.recipes import recipe
from provisioner.rehearsal.reading import command, label_of, path, port_of, scalar, table, tables, text, variable, whole
from provisioner.rehearsal.server import Privileges, Role
from provisioner.rehearsal.wanted import Asked, Given, Habits, MadeUp, OfDatabase, Origin, Wanted

MANIFESTS = ("render.yaml",)
PARTS = {
    "connectionString": "url", "connectionPoolString": "url", "host": "host", "port": "port", "user": "user",
    "password": "password", "database": "name",
}  # fmt: skip


def _url(role: Role, host: str, port: int) -> str:
    return f"postgresql://{role.name}:{role.password}@{host}:{port}/{role.dbname}"


def _inject(wanted: Wanted, host: str, port: int) -> dict[str, str]:
    return {
        "RENDER": "true",
        "RENDER_SERVICE_TYPE": "web",
        "RENDER_SERVICE_NAME": wanted.name,
        "RENDER_SERVICE_ID": "srv-d1rehearsal0000000000",
        "RENDER_INSTANCE_ID": f"srv-d1rehearsal0000000000-{port}",
        "RENDER_EXTERNAL_HOSTNAME": host,
        "RENDER_EXTERNAL_URL": f"https://{host}",
        "RENDER_CPU_COUNT": "1",
        "IS_PULL_REQUEST": "false",
        **port_of(wanted, port),
    }


HABITS = Habits(
    label="Render",
    host="{name}-x1ab.onrender.com",
    database_host="dpg-d1rehearsal000000000-a",
    database_url=_url,
    inject=_inject,
    accepts=range(200, 400),
    default_port=10000,
    tls="offered",
    privileges=Privileges(createdb=True),
    connection_limit=100,
)


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
        dbname=text(database.get("databaseName")) or "app",
        role=text(database.get("user")) or "app",
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
