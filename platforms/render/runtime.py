"""How Render turns ``render.yaml`` into a running service: https://render.com/docs/environment-variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.facts import load_facts
from provisioner.lint.document import Document
from provisioner.recipes import recipe
from provisioner.rehearsal.server import Privileges, Role
from provisioner.rehearsal.wanted import Asked, Given, Habits, MadeUp, OfDatabase, Origin, Wanted, as_text

MANIFESTS = ("render.yaml",)
PARTS = {"connectionString": "url", "database": "name"}


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
    document = documents[MANIFESTS[0]]
    services = [item for item in document.get("services") or [] if isinstance(item, dict) and item.get("type") == "web"]
    if not services:
        raise ValueError("render.yaml has no web service")
    service = services[0]
    facts = load_facts(__file__)
    plan = str(service.get("plan", facts.text("web_plan")))
    database: dict[str, Any] = next(iter(document.get("databases") or []), {})
    command = service.get("dockerCommand") or service.get("startCommand")
    release = service.get("preDeployCommand") if plan != "free" else None
    return Wanted(
        name=str(service.get("name", "app")),
        envs={str(env["key"]): _origin(env) for env in service.get("envVars") or [] if "key" in env},
        command=tuple(str(command).split()) if command else None,
        release=tuple(str(release).split()) if release else None,
        health=service.get("healthCheckPath"),
        instances=int(service.get("numInstances", 1)),
        plan=plan,
        memory_mb=int(facts.table("web_plans").get(plan.lower(), {}).get("memory_mb", facts.integer("memory_mb"))),
        shutdown_seconds=int(service.get("maxShutdownDelaySeconds", facts.integer("shutdown_seconds"))),
        database=bool(document.get("databases")),
        dbname=str(database.get("databaseName", "app")),
        role=str(database.get("user", "app")),
    )


def _origin(env: dict[str, Any]) -> Origin:
    if env.get("generateValue"):
        return MadeUp(recipe(load_facts(__file__).table("secret_recipe")))
    if "fromDatabase" in env:
        part = str(env["fromDatabase"].get("property"))
        return OfDatabase(PARTS.get(part, part))  # type: ignore[arg-type]
    if env.get("sync") is False:
        return Asked(required=True)
    return Given(as_text(env.get("value")))
