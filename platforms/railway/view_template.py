"""A template's descriptor in no platform's words: its services, their variables and what generates those."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.checks import HOSTS
from provisioner.lint.document import Path
from provisioner.lint.view import Database, Env, Service, View
from provisioner.recipes import ALPHABETS, Recipe, recipe

from .view import service, texts

EXPRESSION = re.compile(r"\$\{\{\s*(?P<inside>[^{}]*?)\s*\}\}")
_SECRET = re.compile(r"secret\(\s*(?P<length>\d{1,4})?\s*(?:,\s*(?P<quote>[\"'])(?P<alphabet>.*?)(?P=quote)\s*)?\)")
_NUMBER = re.compile(r"randomInt\(\s*(?:\d*\s*,\s*)?(?P<most>\d{0,9})\s*\)")
_REFERENCE = re.compile(r"(?P<service>[^.()\"']+)\.(?P<variable>[A-Za-z_][A-Za-z0-9_]*)")
_DATABASE = re.compile(r"(?:^|[/_-])(?:postgres|postgis|timescale|pgvector|mysql|mariadb|redis|valkey|mongo)")
DEFAULT_LENGTH = 32


@dataclass(frozen=True)
class SpeltRecipe(Recipe):
    """A recipe whose alphabet is written out, as ``secret(32, "abc…")`` has it."""

    @property
    def characters(self) -> str:
        """Every character that can come out."""
        return self.alphabet


def services(root: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the services by their id; what is none is left out."""
    found = root.get("services")
    for key, value in found.items() if isinstance(found, dict) else ():
        if isinstance(value, dict):
            yield key, value


def variables(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each variable's name, the field that holds its text, and that text."""
    found = item.get("variables")
    for name, value in found.items() if isinstance(found, dict) else ():
        for field in ("defaultValue", "value"):
            text = value.get(field) if isinstance(value, dict) else None
            if isinstance(text, str | int | float):
                yield name, field, str(text)
                break


def references(text: str) -> Iterator[tuple[str, str]]:
    """Yield the (service, variable) of each ``${{Service.VARIABLE}}``."""
    for found in EXPRESSION.finditer(text):
        if reference := _REFERENCE.fullmatch(found["inside"]):
            yield reference["service"], reference["variable"]


def view(root: dict[str, Any], at: Path, facts: Facts) -> View:
    """Return what the descriptor says; `at` is the path of `root` in the document."""
    made: list[Service] = []
    databases: list[Database] = []
    for key, item in services(root):
        here = (*at, "services", key)
        name = item["name"] if isinstance(item.get("name"), str) else "The service"
        source = item["source"] if isinstance(item.get("source"), dict) else {}
        image = source.get("image")
        envs = tuple(_env(*each, (*here, "variables"), facts) for each in variables(item))
        domains = _networking(item, "serviceDomains")
        made.append(
            replace(
                service(item, here, name, facts),
                at=here,
                public=bool(domains),
                images=texts(source, (*here, "source"), "image"),
                envs=envs,
                port_is_set=any(env.name == "PORT" for env in envs),
            )
        )
        if isinstance(image, str) and _DATABASE.search(image.lower()):
            proxies = (*here, "networking", "tcpProxies") if _networking(item, "tcpProxies") else None
            databases.append(Database(name, here, proxies))
    return View(tuple(made), tuple(databases))


def _networking(item: dict[str, Any], field: str) -> dict[str, Any]:
    networking = item.get("networking")
    found = networking.get(field) if isinstance(networking, dict) else None
    return found if isinstance(found, dict) else {}


def _env(name: str, field: str, text: str, at: Path, facts: Facts) -> Env:
    here = (*at, name, field)
    if "secret(" in text or "randomInt(" in text:
        return Env(name, here, origin="generated", recipe=made_up(text, facts))
    if name in HOSTS:
        # A host that is filled in later is one all the same: the list says no more than it says.
        return Env(name, here, EXPRESSION.sub("one.invalid", text))
    return Env(name, here, text, origin="reference" if EXPRESSION.fullmatch(text.strip()) else "literal")


def made_up(text: str, facts: Facts) -> Recipe | None:
    """Return what the generator emits; None where it is only a part of the text."""
    whole = EXPRESSION.fullmatch(text.strip())
    if whole is None:
        return None
    if number := _NUMBER.fullmatch(whole["inside"]):
        return SpeltRecipe(whole["inside"], ALPHABETS["hex"][:10], len(number["most"] or "100"))
    if secret := _SECRET.fullmatch(whole["inside"]):
        default = recipe(facts.table("secret_recipe")).characters
        alphabet = "".join(sorted(set(secret["alphabet"] or default)))
        return SpeltRecipe(whole["inside"], alphabet, int(secret["length"] or DEFAULT_LENGTH))
    return None
