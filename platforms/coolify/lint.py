"""Service templates as they are found in the wild: what Docker Compose refuses, and what Coolify leaves empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark

from .grammar import Template
from .view import ADDRESS, MAGIC, command, services, variables, view

NAME = "coolify"
NAMES = ("templates/compose/*.yaml", "templates/compose/*.yml")
_HEADER = re.compile(r"^# (?:documentation|slogan|category|tags|logo|port|minversion):", re.MULTILINE)
_MAGIC_NAME = re.compile(r"\bSERVICE_(?:URL|FQDN|USER|PASSWORD|BASE64|REALBASE64|HEX)_")
HEADER_LINES = 12


def recognises(document: Document) -> int:
    """A Compose file is Coolify's by the comments at its top, or by a magic variable."""
    if not isinstance(document.get("services"), dict):
        return 0
    top = "\n".join(document.text.splitlines()[:HEADER_LINES])
    if len(_HEADER.findall(top)) >= 2:
        return 95
    return 90 if _MAGIC_NAME.search(document.text) else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    data = document.data if isinstance(document.data, dict) else {}
    found = check_grammar(Template, data, platform=NAME)
    if "version" in data:
        found.append(mark("field-deprecated", ("version",), NAME, instead="Compose passes over it, with a warning"))
    names = [name for name, _, _ in services(data)]
    addresses = [*names, *_declared(data)]
    for _, at, service in services(data):
        found += _source(at, service)
        found += _order(at, service, names)
        found += _magic(at, service, addresses, facts)
    found += check_view(view(data, facts), NAME)
    return found


def _source(at: Path, service: dict[str, Any]) -> Iterator[Mark]:
    if not any(service.get(key) for key in ("image", "build", "extends")):
        yield mark("field-absent", (*at, "image"), NAME, field="image")


def _order(at: Path, service: dict[str, Any], names: list[str]) -> Iterator[Mark]:
    listed = service.get("depends_on")
    for index, name in enumerate(listed if isinstance(listed, list | dict) else []):
        if isinstance(name, str) and name not in names:
            here = (*at, "depends_on", index if isinstance(listed, list) else name)
            yield mark("reference-unknown", here, NAME, name=f"the service {name}")


def _declared(data: dict[str, Any]) -> Iterator[str]:
    """Yield what domains are called: a variable without a service of its name gives one to the service it is in."""
    for _, at, service in services(data):
        for name, _, _ in variables(service, at):
            if found := ADDRESS.match(name):
                yield found["name"]


def _magic(at: Path, service: dict[str, Any], addresses: list[str], facts: Facts) -> Iterator[Mark]:
    """What stands between SERVICE_ and the last underscore says what is generated; anything else generates nothing."""
    known = {*facts.table("generators"), *facts.texts("other_generators")}
    kinds = {name.partition("_")[0] for name in known}
    for name, value, here in variables(service, at):
        for magic in MAGIC.findall(value or ""):
            if found := ADDRESS.match(magic):
                if not _is_one_of(found["name"], addresses):
                    yield mark("reference-unknown", here, NAME, name=f"the domain of {found['name'].lower()}")
            elif command(magic) not in known and _kind(magic) in kinds and f"{{{magic}:" not in str(value):
                reason = f"{magic} names no generator of Coolify's, so nothing is generated"
                yield mark("secret-shape", here, NAME, name=name, reason=reason)


def _kind(magic: str) -> str:
    """Return the first word behind SERVICE_; where that is no generator's, the name is just somebody's own."""
    return magic.split("_")[1]


def _is_one_of(name: str, addresses: list[str]) -> bool:
    """Hyphens and dots of a service's name are underscores in the variable's."""
    return any(re.sub(r"[-.]", "_", other).upper() == name.upper() for other in addresses)
