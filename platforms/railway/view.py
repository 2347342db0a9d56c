"""railway.json and railway.toml in no platform's words."""

from __future__ import annotations

from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Path
from provisioner.lint.view import Service, Text, View

PARTS = ("build", "deploy")


def view(data: dict[str, Any], facts: Facts) -> View:
    """Return what the file says; whatever has another shape than expected is left out.

    A part for one environment counts as a service of its own, with the health check of the whole.
    """
    base = service(data, (), "The service", facts)
    found = [base]
    environments = data.get("environments")
    for name, part in environments.items() if isinstance(environments, dict) else ():
        if isinstance(part, dict):
            at = ("environments", name)
            found.append(service(part, at, f"The service in {name}", facts, whole=base))
    return View(tuple(found))


def service(data: dict[str, Any], at: Path, name: str, facts: Facts, *, whole: Service | None = None) -> Service:
    """Return the service of these ``build`` and ``deploy`` settings."""
    build, deploy = (data[part] if isinstance(data.get(part), dict) else {} for part in PARTS)
    health = deploy.get("healthcheckPath")
    own = Text(health, (*at, "deploy", "healthcheckPath")) if isinstance(health, str) and health else None
    return Service(
        name=name,
        at=(*at, "deploy"),
        public=not deploy.get("cronSchedule"),
        commands=texts(deploy, (*at, "deploy"), "startCommand", "preDeployCommand"),
        build_commands=texts(build, (*at, "build"), "buildCommand"),
        health=own or (whole.health if whole is not None else None),
        probes=whole is None,
        prober_hosts=facts.texts("prober_hosts"),
    )


def texts(values: dict[str, Any], at: Path, *fields: str) -> tuple[Text, ...]:
    """Return the texts of these fields, those of lists too."""
    found: list[Text] = []
    for field in fields:
        value = values.get(field)
        if isinstance(value, str):
            found.append(Text(value, (*at, field)))
        elif isinstance(value, list):
            found += [Text(item, (*at, field, index)) for index, item in enumerate(value) if isinstance(item, str)]
    return tuple(found)
