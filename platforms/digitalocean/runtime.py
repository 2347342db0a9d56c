"""How App Platform runs an app spec: https://docs.digitalocean.com/products/app-platform/reference/app-spec/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.document import Document
from provisioner.rehearsal.reading import (
    command,
    habits,
    label_of,
    path,
    port_of,
    scalar,
    table,
    tables,
    text,
    together,
    variable,
    whole,
)  # fmt: skip
from provisioner.rehearsal.wanted import Asked, Given, OfApp, OfDatabase, Origin, Wanted

from .view import PLACEHOLDER

MANIFESTS = (".do/deploy.template.yaml",)
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
BINDABLE = re.compile(r"\$\{(?:(?P<component>[A-Za-z_][A-Za-z0-9_-]*)\.)?(?P<field>[A-Z][A-Z_]*)\}")
PARTS = {
    "DATABASE_URL": "url", "HOSTNAME": "host", "PORT": "port", "USERNAME": "user", "PASSWORD": "password",
    "DATABASE": "name", "CA_CERT": "ca",
}  # fmt: skip
ADDRESSES = {"APP_DOMAIN": False, "APP_URL": True, "PUBLIC_DOMAIN": False, "PUBLIC_URL": True}
_FACTS = load_facts(__file__)


def _inject(wanted: Wanted, host: str, port: int) -> dict[str, str]:
    return port_of(wanted, port)


HABITS = habits(
    _FACTS,
    "DigitalOcean App Platform",
    inject=_inject,
    prober_host=_FACTS.text("prober_host"),
    tls="required",
    forwarded=_FACTS.table("forwarded"),
)


def read(documents: Mapping[str, Document]) -> Wanted:
    """Return the first service that people reach; raises ValueError where the button would refuse it."""
    spec, facts = _spec(documents), load_facts(__file__)
    services = tables(spec.get("services"))
    if not services:
        raise ValueError("the app spec has no service")
    for item in (spec, *services, *tables(spec.get("jobs")), *tables(spec.get("databases"))):
        if NAME.fullmatch(text(item.get("name")) or "") is None:
            raise ValueError("a name is 2 to 32 lower-case letters, digits and hyphens, and begins with a letter")
    service = next((item for item in services if not item.get("internal_ports")), services[0])
    size = text(service.get("instance_size_slug")) or facts.text("web_plan")
    plan = facts.table("web_plans").get(str(facts.table("web_plans_deprecated").get(size, size)))
    if plan is None:
        raise ValueError(f"instance_size_slug is a size that is none: {size[:40]}")
    databases = [item for item in tables(spec.get("databases")) if item.get("engine") in (None, "UNSET", "PG")]
    database = databases[0] if databases else {}
    known = [str(item["name"]) for item in databases]
    envs = [*_envs(spec, service, known), *_envs(service, service, known)]
    early = next((job for job in tables(spec.get("jobs")) if job.get("kind") == "PRE_DEPLOY"), {})
    termination, managed = table(service.get("termination")), database.get("production") is True
    named = str(database.get("name", "app"))
    return Wanted(
        name=label_of(spec.get("name")),
        envs=dict(envs),
        command=command(service.get("run_command"), "run_command"),
        release=command(early.get("run_command"), "run_command of the job"),
        health=path(table(service.get("health_check")).get("http_path"), "http_path"),
        boot_seconds=_patience(table(service.get("health_check")), facts),
        port=whole(service.get("http_port"), facts.integer("default_port"), "http_port", least=1),
        instances=whole(service.get("instance_count"), 1, "instance_count", least=1),
        plan=size,
        memory_mb=int(plan["memory_mb"]),
        shutdown_seconds=whole(termination.get("grace_period_seconds"), facts.integer("grace_seconds"),
                               "grace_period_seconds", least=1),
        database=bool(databases),
        dbname=text(database.get("db_name")) or (facts.text("managed_database") if managed else named),
        role=text(database.get("db_user")) or (facts.text("managed_role") if managed else named),
        postgres=text(database.get("version")) or "",
    )  # fmt: skip


def _patience(health: dict[str, Any], facts: Facts) -> int:
    """Return how long it is asked before the deploy fails, in seconds; each part has the platform's default."""
    usual = facts.table("health_defaults")
    delay, period, tries = (
        whole(health.get(name), int(usual[name]), name)
        for name in ("initial_delay_seconds", "period_seconds", "failure_threshold")
    )
    return delay + period * tries


def _spec(documents: Mapping[str, Document]) -> dict[str, Any]:
    """Return the spec: under ``spec`` in what the button reads, the file itself in what doctl and the API take."""
    for file, document in documents.items():
        data = document.data
        if not isinstance(data, dict):
            raise ValueError(f"{file} is not a table")
        if isinstance(data.get("spec"), dict):
            return table(data["spec"])
        if file in MANIFESTS:
            raise ValueError(f"{file} has no spec, so that the button finds no template")
        return table(data)
    raise ValueError(f"there is no {MANIFESTS[0]}, which the button reads")


def _envs(item: dict[str, Any], service: dict[str, Any], known: list[str]) -> Iterator[tuple[str, Origin]]:
    for env in tables(item.get("envs")):
        name = variable(env.get("key"))
        if env.get("scope") == "BUILD_TIME":
            continue
        value = scalar(env.get("value"), name)
        secret = env.get("type") == "SECRET"
        if (secret and not value) or PLACEHOLDER.fullmatch(value.strip()):
            yield name, Asked(required=True)
        else:
            yield name, _resolved(value, name, service, known)


def _resolved(value: str, name: str, service: dict[str, Any], known: list[str]) -> Origin:
    pieces: list[Origin] = []
    end = 0
    for found in BINDABLE.finditer(value):
        pieces += [Given(value[end : found.start()]), _bound(found, service, known)]
        end = found.end()
    return together([*pieces, Given(value[end:])], name)


def _bound(found: re.Match[str], service: dict[str, Any], known: list[str]) -> Origin:
    component, field, own = found["component"], found["field"], str(service.get("name"))
    if component in known and field in PARTS:
        return OfDatabase(PARTS[field])  # type: ignore[arg-type]
    if field in ADDRESSES and (component is None) == field.startswith("APP_") and component in (None, "_self", own):
        return OfApp(url=ADDRESSES[field])
    if component in ("_self", own):
        port = str(service.get("http_port", HABITS.default_port))
        private = {"PRIVATE_DOMAIN": own, "PRIVATE_PORT": port, "PRIVATE_URL": f"http://{own}:{port}"}
        return Given((private | {"COMMIT_HASH": "0" * 40}).get(field, found[0]))
    return Given(found[0])  # what is bound to nothing stays as it is written
