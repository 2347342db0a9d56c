"""How Railway turns a template into a running service: https://docs.railway.com/reference/variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.document import Document
from provisioner.rehearsal.reading import (
    command,
    habits,
    injected,
    label_of,
    path,
    port_of,
    table,
    text,
    variable,
    whole,
)  # fmt: skip
from provisioner.rehearsal.wanted import Asked, Given, Origin, Wanted

from .manifest import DRAINING, TEMPLATE
from .references import References, is_database

MANIFESTS = (TEMPLATE,)
_FACTS = load_facts(__file__)
_TAG = re.compile(r":(\d{1,3})(?![\w])[^/]*$")


def _inject(wanted: Wanted, host: str, port: int) -> dict[str, str]:
    named = {"RAILWAY_PUBLIC_DOMAIN": host} if wanted.port is not None else {}  # only where there is a domain
    return injected(_FACTS.table("injected"))(wanted, host, port) | named | port_of(wanted, port)


HABITS = habits(
    _FACTS,
    "Railway",
    inject=_inject,
    prober_host=_FACTS.texts("prober_hosts")[0],
    accepts=range(200, 201),
    boot_seconds=_FACTS.integer("health_seconds"),
    forwarded=_FACTS.table("forwarded"),
)


def read(documents: Mapping[str, Document]) -> Wanted:
    """Return the service that people reach, else the first that is no database; raises ValueError without one."""
    if MANIFESTS[0] not in documents:
        raise ValueError(f"there is no {MANIFESTS[0]}")
    found = documents[MANIFESTS[0]].get("services")
    services = [table(item) for item in table(found).values() if isinstance(item, dict)]
    apps = [item for item in services if not is_database(item)]
    if not apps:
        raise ValueError("the template has no service but databases")
    # The one that people reach; without a domain the one that is built.
    service = max(apps, key=lambda item: (bool(_domains(item)), _source(item, "repo") is not None))
    if _source(service, "repo") is None and _source(service, "image") is None:
        raise ValueError(f"the service {label_of(service.get('name'))} has neither a repository nor an image")
    facts, deploy = load_facts(__file__), table(service.get("deploy"))
    references = References(service, services, facts)
    envs = {variable(name): _origin(value, name, references) for name, value in table(service.get("variables")).items()}
    database = next((item for item in services if is_database(item)), {})
    kept = References(database, services, facts)
    role = _plain(kept, "POSTGRES_USER") or facts.text("database_role")
    plan = facts.text("web_plan")
    return Wanted(
        name=label_of(service.get("name")),
        envs=envs,
        command=command(deploy.get("startCommand"), "startCommand"),
        release=command(deploy.get("preDeployCommand"), "preDeployCommand"),
        health=path(deploy.get("healthcheckPath"), "healthcheckPath"),
        boot_seconds=whole(
            deploy.get("healthcheckTimeout"), facts.integer("health_seconds"), "healthcheckTimeout", least=1
        ),
        port=_port(service, envs, facts),
        instances=whole(deploy.get("numReplicas"), 1, "numReplicas", least=1),
        plan=plan,
        memory_mb=int(facts.table("web_plans")[plan].get("memory_mb", facts.integer("memory_mb"))),
        shutdown_seconds=_draining(deploy, envs, facts),
        database=bool(database),
        dbname=_plain(kept, "POSTGRES_DB") or role,
        role=role,
        postgres=_version(database),
    )


def _version(database: dict[str, Any]) -> str:
    """Return the major version that the tag of the database's image begins with; empty where it names none."""
    tag = _TAG.search(_source(database, "image") or "")
    return tag[1] if tag else ""


def _source(service: dict[str, Any], kind: str) -> str | None:
    return text(table(service.get("source")).get(kind))


def _domains(service: dict[str, Any]) -> dict[str, Any]:
    return table(table(service.get("networking")).get("serviceDomains"))


def _port(service: dict[str, Any], envs: Mapping[str, Origin], facts: Facts) -> int | None:
    """Return the port that requests are sent to; None where there is no domain."""
    domains = list(_domains(service).values())
    if not domains:
        return None
    given = envs.get("PORT")
    own = given.value if isinstance(given, Given) and given.value else None
    otherwise = whole(own, facts.integer("default_port"), "PORT", least=1)
    return whole(table(domains[0]).get("port"), otherwise, "the port of the domain", least=1)


def _draining(deploy: dict[str, Any], envs: Mapping[str, Origin], facts: Facts) -> int:
    given = envs.get(DRAINING)
    own = given.value if isinstance(given, Given) and given.value else None
    otherwise = whole(own, facts.integer("shutdown_seconds"), DRAINING)
    return whole(deploy.get("drainingSeconds"), otherwise, "drainingSeconds")


def _plain(references: References, name: str) -> str | None:
    origin = references.own(name)
    return origin.value or None if isinstance(origin, Given) else None


def _origin(value: Any, name: str, references: References) -> Origin:
    entry = table(value)
    if entry.get("defaultValue") is None and entry.get("value") is None:
        return Asked(text(entry.get("description")) or "", required=entry.get("isOptional") is not True)
    return references.own(name)
