"""One-click apps as they are found in the wild: what CapRover stumbles over, and what it passes over in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark

from .grammar import Template
from .view import TOKEN, services, variables, view

NAME = "caprover"
NAMES = ("public/v4/apps/*.yml",)
BUILTIN = frozenset({"$$cap_appname", "$$cap_root_domain"})
GENERATOR = "$$cap_gen_random_"
OLD = (1, 2, 3, "1", "2", "3")


def recognises(document: Document) -> int:
    """Nothing else has a captainVersion with services; a captain-definition has a schemaVersion."""
    if document.get("captainVersion") is not None:
        return 100
    return 90 if isinstance(document.get("caproverOneClickApp"), dict) else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    data = document.data if isinstance(document.data, dict) else {}
    version = data.get("captainVersion")
    if isinstance(version, str | int) and not isinstance(version, bool) and version in OLD:
        reason = "templates before captainVersion 4 are refused"
        return [mark("file-retired", ("captainVersion",), NAME, reason=reason, fix="Bring it into version 4")]
    found = check_grammar(Template, data, platform=NAME)
    found += _about(data, facts)
    found += _fields(data)
    found += _tokens(data)
    names = [name for name, _, _ in services(data)]
    for name, at, service in services(data):
        found += _service(name, at, service, facts)
        found += _order(at, service, names)
    found += check_view(view(data, facts), NAME)
    return found


def _about(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    about = data.get("caproverOneClickApp")
    description = about.get("description") if isinstance(about, dict) else None
    limit = facts.integer("description_limit")
    if isinstance(description, str) and len(description) > limit:
        at = ("caproverOneClickApp", "description")
        yield mark("value-loose", at, NAME, expected=f"at most {limit} characters")


def _fields(data: dict[str, Any]) -> Iterator[Mark]:
    """The values are put in by plain replacement, one field after the other."""
    seen: list[str] = []
    for at, field in variables(data):
        name = field["id"]
        if name in seen or name in BUILTIN:
            yield mark("fields-conflict", (*at, "id"), NAME, reason="two fields of the form have this id")
        else:
            shorter = next((other for other in seen if name.startswith(other)), None)
            if shorter is not None and len(shorter) > len("$$cap_"):
                reason = f"what is entered for {shorter} replaces the beginning of {name} before it is looked for"
                yield mark("fields-conflict", (*at, "id"), NAME, reason=reason)
        seen.append(name)


def _tokens(data: dict[str, Any]) -> Iterator[Mark]:
    known = BUILTIN | {field["id"] for _, field in variables(data)}
    for at, text in _texts(data.get("services"), ("services",)):
        for token in TOKEN.finditer(text):
            if not text.startswith((GENERATOR, *known), token.start()):
                yield mark("reference-unknown", at, NAME, name=token[0])


def _texts(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*at, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str):
                yield (*at, key), key
                yield from _texts(item, (*at, key))


def _service(name: str, at: Path, service: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    if "$$cap_appname" not in name:
        words = "a name with $$cap_appname in it, or a second install takes the first one's place"
        yield mark("value-loose", at, NAME, expected=words)
    keys = facts.texts("service_keys")
    for key in service:
        if key not in keys and key != "restart":  # nearly every template has it, and CapRover always restarts
            yield mark("value-loose", (*at, key), NAME, expected=f"one of {', '.join(keys)}, and passes over others,")
    if isinstance(service.get("environment"), list):
        words = "NAME: value in each line, and numbers the items of a list,"
        yield mark("value-loose", (*at, "environment"), NAME, expected=words)
    extra = service.get("caproverExtra")
    extra = extra if isinstance(extra, dict) else {}
    lines = extra.get("dockerfileLines")
    if service.get("image") and lines:
        reason = "of image and dockerfileLines CapRover takes the image"
        yield mark("fields-conflict", (*at, "caproverExtra", "dockerfileLines"), NAME, reason=reason)
    elif not service.get("image") and not lines:
        yield mark("field-absent", (*at, "image"), NAME, field="image")
    for switch in ("notExposeAsWebApp", "websocketSupport"):
        if str(extra.get(switch, "true")).strip().lower() != "true" and extra.get(switch):
            words = '"true", taking any other text for it too,'
            yield mark("value-loose", (*at, "caproverExtra", switch), NAME, expected=words)


def _order(at: Path, service: dict[str, Any], names: list[str]) -> Iterator[Mark]:
    """A service that waits for one that is not there is never made, nor is any other."""
    listed = service.get("depends_on")
    if isinstance(listed, dict):
        yield mark("value-loose", (*at, "depends_on"), NAME, expected="a list of names, and reads nothing else,")
        return
    for index, name in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(name, str) and name not in names:
            yield mark("reference-unknown", (*at, "depends_on", index), NAME, name=f"the service {name}")
