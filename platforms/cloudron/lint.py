"""``CloudronManifest.json`` as it is found: what Cloudron refuses, and what it takes for something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark

from .grammar import Manifest
from .view import view

NAME = "cloudron"
NAMES = ("CloudronManifest.json",)
PORTS = ("httpPorts", "tcpPorts", "udpPorts")
OLD_ADDONS = {
    "oauth": "oidc takes its place",
    "simpleauth": "oidc takes its place",
    "_docker": "docker takes its place",
}


def recognises(document: Document) -> int:
    """Nothing else has a manifestVersion and a httpPort."""
    data = document.data if isinstance(document.data, dict) else {}
    return 90 if {"manifestVersion", "httpPort"} <= set(data) else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    data = document.data if isinstance(document.data, dict) else {}
    found = check_grammar(Manifest, data, platform=NAME)
    if data.get("manifestVersion") == 1 and data.get("manifestVersion") is not True:
        found.append(mark("value-deprecated", ("manifestVersion",), NAME, instead="2 takes its place"))
    found += _addons(data, facts)
    found += _ports(data)
    found += _choices(data, facts)
    found += _box_version(data, facts)
    found += check_view(view(data), NAME)
    return found


def _addons(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    addons = data.get("addons")
    for name in addons if isinstance(addons, dict) else {}:
        if name in OLD_ADDONS:
            yield mark("field-deprecated", ("addons", name), NAME, instead=OLD_ADDONS[name])
        elif name not in facts.texts("addons"):
            yield mark("field-unknown", ("addons", name), NAME, meant="")


def _ports(data: dict[str, Any]) -> Iterator[Mark]:
    """The keys are variables of the app: none twice, and none of Cloudron's own."""
    seen: set[str] = set()
    for field in PORTS:
        ports = data.get(field)
        for name in ports if isinstance(ports, dict) else {}:
            if not isinstance(name, str):
                continue
            if name.startswith("CLOUDRON_"):
                yield mark(
                    "field-form", (field, name), NAME, reason="names that begin with CLOUDRON_ are Cloudron's own"
                )
            elif name in seen:
                yield mark("fields-conflict", (field, name), NAME, reason="two ports have this name")
            seen.add(name)


def _choices(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    for field, allowed in (("capabilities", facts.texts("capabilities")), ("runtimeDirs", facts.texts("runtime_dirs"))):
        listed = data.get(field)
        for index, item in enumerate(listed if isinstance(listed, list) else []):
            fits = item in allowed if field == "capabilities" else str(item).startswith(allowed)
            if isinstance(item, str) and not fits:
                yield mark("field-value", (field, index), NAME, expected=", ".join(allowed))
    addons = data.get("addons")
    if "localstorage" not in (addons if isinstance(addons, dict) else {}) and "backupCommand" in data:
        reason = "backupCommand writes to /app/data, which is there with the localstorage addon alone"
        yield mark("fields-conflict", ("backupCommand",), NAME, reason=reason)


def _box_version(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    """The App Store refuses a field that an older Cloudron would not know."""
    given = _numbers(data.get("minBoxVersion"))
    for field, least in facts.table("needs_box_version").items():
        if field in data and given < _numbers(least):
            yield mark("value-loose", (field,), NAME, expected=f"a minBoxVersion of {least} or newer beside what is")


def _numbers(version: Any) -> tuple[int, ...]:
    found = re.match(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})", version) if isinstance(version, str) else None
    return tuple(map(int, found.groups())) if found else (0, 0, 1)
