"""A one-click app in no platform's words: what the form's defaults would make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Path
from provisioner.lint.view import Database, Env, Service, Text, View
from provisioner.recipes import Recipe

TOKEN = re.compile(r"\$\$cap_[A-Za-z0-9_]+")
RANDOM = re.compile(r"\$\$cap_gen_random_(?P<kind>hex|base64|alnum)\((?P<length>\d{1,6})\)")
_ALPHABETS = {"hex": "hex", "alnum": "alphanumeric"}


def variables(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the fields of the form that have an id."""
    about = data.get("caproverOneClickApp")
    listed = about.get("variables") if isinstance(about, dict) else None
    for index, item in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield ("caproverOneClickApp", "variables", index), item


def services(data: dict[str, Any]) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield name, place and table of each service that is one."""
    listed = data.get("services")
    for name, item in (listed if isinstance(listed, dict) else {}).items():
        if isinstance(item, dict):
            yield name, ("services", name), item


def generated(text: str, facts: Facts) -> Recipe | None:
    """Return what comes out where `text` is one generator and nothing else; base64 is told in bytes."""
    found = RANDOM.fullmatch(text.strip())
    if found is None:
        return None
    length = int(found["length"]) if int(found["length"]) <= facts.integer("random_limit") else 0
    if found["kind"] == "base64":
        return Recipe(found[0], "base64", (length + 2) // 3 * 4, -length % 3)
    return Recipe(found[0], _ALPHABETS[found["kind"]], length)


def view(data: dict[str, Any], facts: Facts) -> View:
    """Return what the file says; whatever has another shape than expected is left out."""
    fields = {item["id"]: (at, item) for at, item in variables(data)}
    found: list[Service] = []
    databases: list[Database] = []
    for name, at, service in services(data):
        extra = service.get("caproverExtra")
        hidden = isinstance(extra, dict) and bool(extra.get("notExposeAsWebApp"))
        image = service.get("image")
        found.append(
            Service(
                name=name,
                at=at,
                public=not hidden,
                images=(Text(_resolved(image, fields), (*at, "image")),) if isinstance(image, str) else (),
                commands=_command(service.get("command"), (*at, "command")),
                envs=tuple(_envs(service.get("environment"), (*at, "environment"), fields, facts)),
                probes=False,
                port_is_given=False,
            )
        )
        if isinstance(image, str) and _is_database(image, facts):
            open_to = (*at, "ports") if isinstance(service.get("ports"), list) and service["ports"] else None
            databases.append(Database(name, at, open_to))
    return View(tuple(found), tuple(databases))


def _default(field: dict[str, Any]) -> str:
    value = field.get("defaultValue")
    return str(value) if isinstance(value, str | int | float) else ""


def _resolved(text: str, fields: dict[str, tuple[Path, dict[str, Any]]]) -> str:
    """Put in each field's default, one after the other; what is asked for, or generated, keeps a ``$``."""
    for name, (_, field) in fields.items():
        text = text.replace(name, _default(field) or name)
    return text


def _envs(value: Any, at: Path, fields: dict[str, tuple[Path, dict[str, Any]]], facts: Facts) -> Iterator[Env]:
    for name, given in (value if isinstance(value, dict) else {}).items():
        if not isinstance(given, str | int | float) or isinstance(given, bool):
            continue
        text, here = str(given), (*at, name)
        if text in fields:
            place, field = fields[text]
            text, here = _default(field), (*place, "defaultValue") if _default(field) else here
            if not text:
                yield Env(name, here, origin="prompt")
                continue
        made = generated(text, facts)
        if made is not None:
            yield Env(name, here, origin="generated", recipe=made)
        else:
            yield Env(name, here, _resolved(text, fields))


def _command(value: Any, at: Path) -> tuple[Text, ...]:
    words = value if isinstance(value, list) else [value]
    line = " ".join(word for word in words if isinstance(word, str))
    return (Text(line, at),) if line else ()


def _is_database(image: str, facts: Facts) -> bool:
    name = image.split("@")[0].rsplit("/", 1)[-1].split(":")[0].lower()
    return name in facts.texts("database_images")
