"""What goes wrong after the click on a template's button, and can be seen in its descriptor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Path
from provisioner.lint.marks import Mark, mark
from provisioner.lint.versions import major

from .view_template import references, services, variables, view

NAME = "railway"
DRAINING = "RAILWAY_DEPLOYMENT_DRAINING_SECONDS"
PUBLIC = "DATABASE_PUBLIC_URL"
_PLACEHOLDER = re.compile(r"(?i)<[^<>${}]+>|change[-_ ]?me|replace[-_ ]?me|your[-_ ][a-z _-]*|\[[a-z][a-z _-]+\]")


def template(root: dict[str, Any], at: Path, facts: Facts) -> Iterator[Mark]:
    """Return what is wrong with the services together."""
    names = {item["name"] for _, item in services(root) if isinstance(item.get("name"), str)}
    seen = view(root, at, facts)
    public = {service.at for service in seen.services if service.public}
    for key, item in services(root):
        here = (*at, "services", key)
        yield from _variables(item, here, names)
        yield from _image(item, here, facts)
        if here in public:
            yield from _draining(item, here, facts)
    yield from check_view(seen, NAME)


def _variables(item: dict[str, Any], here: Path, names: set[str]) -> Iterator[Mark]:
    for name, field, text in variables(item):
        place = (*here, "variables", name, field)
        for service, variable in references(text):
            if service not in names and service != "shared":
                yield mark("reference-unknown", place, NAME, name=_unknown(service, names))
            if variable == PUBLIC:
                yield mark("database-open", place, NAME, name=service)
        if _PLACEHOLDER.fullmatch(text.strip()):
            yield mark("value-placeholder", place, NAME)


def _unknown(service: str, names: set[str]) -> str:
    near = next((name for name in sorted(names) if name.lower() == service.lower()), None)
    return f"the service {service} (capitals count: {near})" if near else f"the service {service}"


def _image(item: dict[str, Any], here: Path, facts: Facts) -> Iterator[Mark]:
    """The image of Railway's PostgreSQL has a tag for each version that it is built for."""
    source = item.get("source")
    image = source.get("image") if isinstance(source, dict) else None
    name, _, version = image.partition(":") if isinstance(image, str) else ("", "", "")
    number = str(major(version) or "")
    if name == facts.text("postgres_image") and number and number not in facts.texts("postgres_versions"):
        instead = facts.text("postgres_version")
        place = (*here, "source", "image")
        yield mark("version-retired", place, NAME, what="PostgreSQL", version=number, instead=instead)


def _draining(item: dict[str, Any], here: Path, facts: Facts) -> Iterator[Mark]:
    """Without a word in the descriptor there are 0 s."""
    deploy = item.get("deploy")
    if isinstance(deploy, dict) and deploy.get("drainingSeconds") is not None:
        return
    given = {name: (field, text) for name, field, text in variables(item)}
    field, text = given.get(DRAINING, ("", "0"))
    if text.isascii() and text.isdigit() and int(text[:9]) < facts.integer("draining_seconds_short"):
        place = (*here, "variables", DRAINING, field) if field else here
        yield mark("shutdown-short", place, NAME, seconds=text[:9])
