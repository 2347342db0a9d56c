"""CloudFormation templates as they are found: ECS services and RDS databases above all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark

from .grammar import Template
from .short_forms import long_forms
from .view import containers, resources, view

NAME = "aws"
NAMES = tuple(f"{name}.{ending}" for name in ("template", "cloudformation") for ending in ("yaml", "yml", "json"))
ENGINES = ("postgres", "aurora-postgresql")
ENOUGH = 30  # seconds


def recognises(document: Document) -> int:
    """The version of its format, or resources of AWS."""
    if document.get("AWSTemplateFormatVersion") is not None:
        return 95
    found = document.get("Resources")
    each = [item.get("Type") for item in found.values() if isinstance(item, dict)] if isinstance(found, dict) else []
    return 90 if any(isinstance(kind, str) and kind.startswith("AWS::") for kind in each) else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    if not recognises(document):  # the name is a common one
        return [mark("manifest-unknown", (), NAME)]
    facts = load_facts(__file__)
    data = long_forms(document)
    found = check_grammar(Template, _without_loops(data), platform=NAME)
    found += _versions(data, facts)
    found += _stops(data)
    if "Transform" not in data:
        found += _references(data)
    found += check_view(view(data), NAME)
    return found


def _without_loops(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out ``Fn::ForEach`` and the like, which stand in the place of a resource and are none."""
    return {
        key: {name: item for name, item in part.items() if not str(name).startswith("Fn::")}
        if isinstance(part, dict)
        else part
        for key, part in data.items()
    }


def _versions(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    instead = facts.text("postgres_version")
    for _, at, database in resources(data, "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"):
        version = database.get("EngineVersion")
        if database.get("Engine") not in ENGINES or not isinstance(version, str | int | float):
            continue
        major = str(version).partition(".")[0]
        details = {"what": "PostgreSQL", "version": str(version), "instead": instead}
        if major in facts.texts("postgres_versions_retired"):
            yield mark("version-retired", (*at, "EngineVersion"), NAME, **details)
        elif major in facts.texts("postgres_versions_extended"):
            when = "it is past standard support, and extended support costs extra"
            yield mark("version-ending", (*at, "EngineVersion"), NAME, when=when, **details)


def _stops(data: dict[str, Any]) -> Iterator[Mark]:
    for at, container in containers(data):
        seconds = container.get("StopTimeout")
        if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds < ENOUGH:
            yield mark("shutdown-short", (*at, "StopTimeout"), NAME, seconds=str(seconds))


def _references(data: dict[str, Any]) -> Iterator[Mark]:
    """``Ref`` names a parameter, a resource or one of AWS's own values; CloudFormation refuses any other name."""
    known: set[str] = set()
    for part in ("Parameters", "Resources"):
        if isinstance(data.get(part), dict):
            known |= {str(name) for name in data[part]}
            if any(str(name).startswith("Fn::") for name in data[part]):
                return  # a loop makes names of its own
    for part in ("Resources", "Outputs"):
        for at, name in _refs(data.get(part), (part,)):
            if name not in known and not name.startswith("AWS::"):
                yield mark("reference-unknown", at, NAME, name=name)


def _refs(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get("Ref"), str):
            yield at, value["Ref"]
            return
        for key, item in value.items():
            yield from _refs(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _refs(item, (*at, index))
