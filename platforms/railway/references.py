"""What ``${{…}}`` stands for in a template's variables, https://docs.railway.com/reference/variables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from provisioner.facts import Facts
from provisioner.rehearsal.reading import label_of, table, text, together
from provisioner.rehearsal.wanted import Given, MadeUp, OfApp, OfDatabase, Origin

from .view_template import EXPRESSION, made_up

PARTS = {
    "DATABASE_URL": "url", "DATABASE_PRIVATE_URL": "url", "DATABASE_PUBLIC_URL": "url", "DATABASE_UNPOOLED_URL": "url",
    "PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "POSTGRES_USER": "user", "PGPASSWORD": "password",
    "POSTGRES_PASSWORD": "password", "PGDATABASE": "name", "POSTGRES_DB": "name",
}  # fmt: skip
DEEPEST = 10
_POSTGRES = re.compile(r"(?:^|/)(?:postgres(?:ql|-ssl)?|postgis|pgvector|timescaledb(?:-ha)?)(?:[:@]|$)")


def is_database(service: dict[str, Any]) -> bool:
    """Tell by its image whether this service is a PostgreSQL."""
    return _POSTGRES.search((text(table(service.get("source")).get("image")) or "").lower()) is not None


class References:
    """The variables of one service, as they are once the template is deployed."""

    def __init__(self, service: dict[str, Any], services: Sequence[dict[str, Any]], facts: Facts) -> None:
        self.service, self.services, self.facts = service, services, facts

    def own(self, name: str, depth: int = 0) -> Origin:
        """Return the origin of a variable; the empty text where there is no such one. Raises ValueError."""
        entry = table(table(self.service.get("variables")).get(name))
        value = entry.get("defaultValue", entry.get("value"))
        return self.resolved(text(value) or "", name, depth)

    def resolved(self, value: str, name: str, depth: int = 0) -> Origin:
        """Return what a text with references stands for. Raises ValueError."""
        if depth > DEEPEST:
            raise ValueError(f"{name[:40]} refers to itself")
        pieces: list[Origin] = []
        end = 0
        for found in EXPRESSION.finditer(value):
            pieces += [Given(value[end : found.start()]), self._one(found["inside"], found[0], name, depth + 1)]
            end = found.end()
        return together([*pieces, Given(value[end:])], name)

    def _one(self, inside: str, whole: str, name: str, depth: int) -> Origin:
        if (recipe := made_up(whole, self.facts)) is not None:
            return MadeUp(recipe)
        of, dot, key = inside.rpartition(".")
        other = next((item for item in self.services if item.get("name") == of), None) if dot else self.service
        if other is None:
            return Given("")  # nothing of that name, shared variables among them
        if dot and is_database(other) and key in PARTS and key in table(other.get("variables")):
            return OfDatabase(PARTS[key])  # type: ignore[arg-type]
        if key == "RAILWAY_PRIVATE_DOMAIN":
            return Given(f"{label_of(other.get('name'))}.railway.internal")
        if key == "RAILWAY_PUBLIC_DOMAIN":
            domains = table(other.get("networking")).get("serviceDomains")
            return OfApp() if domains else Given("")
        return References(other, self.services, self.facts).own(key, depth)
