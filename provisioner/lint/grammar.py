"""A platform's grammar as pydantic models, and their errors as marks in our words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from .document import Path, has
from .marks import Mark, mark


class Grammar(BaseModel):
    """The root of the models that read: a field that is not there is an error, types are not bent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Open(BaseModel):
    """A part of a manifest of which only some fields are looked at."""

    model_config = ConfigDict(extra="ignore", strict=True)


def check(model: type[BaseModel], data: Any, *, platform: str, at: Path = ()) -> list[Mark]:
    """Return a mark for each thing that `model` does not accept in `data`, one for each place."""
    try:
        model.model_validate(data)
    except ValidationError as problems:
        names = frozenset(_field_names(model, set()))
        found: dict[tuple[Path, str], Mark] = {}
        for problem in problems.errors(include_url=False, include_input=False):
            made = _mark(problem, data, names, platform, at)
            found.setdefault((made.at, made.finding.kind), made)
        return list(found.values())
    return []


def _mark(problem: Mapping[str, Any], data: Any, names: frozenset[str], platform: str, at: Path) -> Mark:
    here, missing = _path(problem["loc"], data, problem["type"] == "missing")
    here = (*at, *here)
    context = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(str(here[-1]), names - {str(here[-1])}, n=1, cutoff=0.75)
            return mark("field-unknown", here, platform, meant=f" Did you mean {near[0]}?" if near else "")
        case "missing":
            return mark("field-absent", (*here, missing), platform, field=missing)
        case "literal_error" | "enum":
            return mark("field-value", here, platform, expected=_shown(str(context.get("expected", ""))))
        case "union_tag_invalid" if str(context.get("discriminator", "")).endswith("()"):
            # A function told the members apart, by tags that are our own words.
            return mark("field-type", here, platform, expected=_listed(str(context.get("expected_tags", ""))))
        case "union_tag_invalid" | "union_tag_not_found":
            field = str(context.get("discriminator", "")).strip("'")
            tags = _shown(str(context.get("expected_tags", "")))
            if problem["type"] == "union_tag_not_found":
                return mark("field-absent", (*here, field), platform, field=field)
            return mark("field-value", (*here, field), platform, expected=tags)
        case "value_error":
            return mark("field-form", here, platform, reason=str(context["error"]))
        case "string_pattern_mismatch":
            return mark("field-form", here, platform, reason=f"it must match {context['pattern']}")
        case kind if kind.endswith(("_type", "_parsing")):
            return mark("field-type", here, platform, expected=_type(kind))
        case _:
            return mark("field-form", here, platform, reason=_lower(problem["msg"]))


def _path(loc: tuple[str | int, ...], data: Any, missing: bool) -> tuple[Path, str]:
    """Return where `loc` leads in `data`, without the names of unions' members, and a missing field's name.

    A member is best called by a tag that begins with ``=``: one that is also a key here would be taken for it.
    """
    name = str(loc[-1]) if missing else ""
    path: list[str | int] = []
    for part in loc[:-1] if missing else loc:
        if not str(part).startswith("=") and has(data, part):
            data = data[part]
            path.append(part)
    return tuple(path), name


def _shown(expected: str) -> str:
    values = _listed(expected)
    if len(values) <= 160:
        return values
    first = values[:140].rsplit(",", 1)[0]
    return f"{first}, and {values.count(',') - first.count(',')} more"


def _listed(expected: str) -> str:
    """Return pydantic's list of values without its quotes and ours, each once: 4 and "4" look alike."""
    values = [value.strip().strip("'").removeprefix("=") for value in re.split(r",| or ", expected)]
    *most, last = dict.fromkeys(values)
    return f"{', '.join(most)} or {last}" if most else last


def _type(kind: str) -> str:
    names = {"string": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "dict": "a table"}
    names |= {"model": "a table", "list": "a list", "tuple": "a list", "none_required": "nothing"}
    return names.get(kind.rsplit("_", 1)[0], kind.rsplit("_", 1)[0].replace("_", " "))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _field_names(model: Any, seen: set[type]) -> Iterator[str]:
    """Yield the names of the fields of `model` and of the models in it, for "did you mean"."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model in seen:
            return
        seen.add(model)
        for name, field in model.model_fields.items():
            yield field.alias or name
            yield from _field_names(field.annotation, seen)
    for part in getattr(model, "__args__", ()):
        yield from _field_names(part, seen)
