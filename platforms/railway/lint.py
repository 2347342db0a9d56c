"""railway.json, railway.toml and templates' descriptors as they are found in the wild."""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark

from .grammar import Build, Config, Deploy, Template
from .lint_template import template
from .view import view

NAME = "railway"
NAMES = ("railway.json", "railway.toml", "railway/template.json")
SECTIONS: dict[str, type[BaseModel]] = {"build": Build, "deploy": Deploy}
TOP = ("$schema", "build", "deploy", "environments")
TRUTH = {"true": True, "false": False}
VARIABLES = ("env", "envVars", "variables", "vars")
_NUMBERS = ("healthcheckTimeout", "numReplicas", "restartPolicyMaxRetries", "preDeployTimeoutSeconds")
_DIGITS = re.compile(r"\s*\d{1,9}\s*")


def recognises(document: Document) -> int:
    """railway.json has no key beside four, and names the schema or a field of its own; a template has services."""
    data = document.data
    if not isinstance(data, dict):
        return 0
    if "railway" in str(data.get("$schema", "")):
        return 95
    root, _ = descriptor(data)
    if root is not None:
        found = [item for item in root["services"].values() if isinstance(item, dict)]
        return 80 if any(isinstance(item.get("source"), dict) and "variables" in item for item in found) else 0
    build, deploy = (data[key] if isinstance(data.get(key), dict) else {} for key in SECTIONS)
    known = set(deploy) & set(Deploy.model_fields) or "builder" in build
    return 60 if known and set(data) <= set(TOP) else 0


def judge_link(url: str) -> str | None:
    """A template is called by its code; before that, buttons named a repository and the plugins it wants."""
    old = re.search(r"railway\.(?:app|com)/new/template/?\?", url) and re.search(r"[?&]template=", url)
    return "button-old" if old and not re.search(r"[?&]code=", url) else None


def descriptor(data: Any) -> tuple[dict[str, Any] | None, Path]:
    """Return a template's configuration and its path, where the document holds one."""
    inner = data.get("serializedConfig") if isinstance(data, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get("services"), dict):
        return inner, ("serializedConfig",)
    return (data, ()) if isinstance(data, dict) and isinstance(data.get("services"), dict) else (None, ())


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    if not isinstance(document.data, dict):
        return []
    root, at = descriptor(document.data)
    if root is not None and document.name not in ("railway.json", "railway.toml"):
        return [*_check_template(root, at, facts), *template(root, at, facts)]
    data = copy.deepcopy(document.data)
    found = list(_retired(facts))
    found += _passed_over(data)
    for part, here in _parts(data):
        found += settings(part, here, facts)
    found += check_grammar(Config, data, platform=NAME)
    found += check_view(view(document.data, facts), NAME)
    return found


def _check_template(root: dict[str, Any], at: Path, facts: Facts) -> Iterator[Mark]:
    data = copy.deepcopy(root)
    for key, item in data["services"].items():
        if not isinstance(item, dict):
            continue
        here = (*at, "services", key)
        yield from settings(item, here, facts)
        variables = item.get("variables")
        for name, value in variables.items() if isinstance(variables, dict) else ():
            for field in ("defaultValue", "value"):
                text = value.get(field) if isinstance(value, dict) else None
                if isinstance(text, bool | int | float):
                    value[field] = str(text)
                    yield mark("value-loose", (*here, "variables", name, field), NAME, expected="text in quotes")
    yield from check_grammar(Template, data, platform=NAME, at=at)


def _retired(facts: Facts) -> Iterator[Mark]:
    reason = f"railway.json and railway.toml are read until {facts.text('config_files_until')}, and for no new service"
    fix = "Turn it into .railway/railway.py with `railway config migrate --lang py --apply`, then apply that"
    yield mark("file-retired", (), NAME, reason=reason, fix=fix)


def _passed_over(data: dict[str, Any]) -> Iterator[Mark]:
    """What Railway does not know it passes over without a word; the file works, the setting does not."""
    for key in data:
        if key not in TOP:
            yield mark("field-deprecated", (key,), NAME, instead=_instead(key, TOP))
    for part, at in _parts(data):
        for section, model in SECTIONS.items():
            values = part.get(section)
            for key in values if isinstance(values, dict) else ():
                if key not in model.model_fields:
                    words = _instead(key, tuple(model.model_fields))
                    yield mark("field-deprecated", (*at, section, key), NAME, instead=words)


def _parts(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield the settings of the whole and of each environment."""
    yield data, ()
    environments = data.get("environments")
    for name, part in environments.items() if isinstance(environments, dict) else ():
        if isinstance(part, dict):
            yield part, ("environments", name)


def _instead(key: str, known: tuple[str, ...]) -> str:
    said = "Railway passes over it"
    if key in VARIABLES:
        return f"{said}; variables are set in the dashboard or with `railway variable set`"
    if key in ("services", "plugins"):
        return f"{said}; the services of a project are declared in .railway/railway.py"
    for section, model in SECTIONS.items():
        if key in model.model_fields:
            return f"{said}; it belongs under {section}"
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
    return f"{said}; did you mean {near[0]}?" if near else said


def settings(part: dict[str, Any], at: Path, facts: Facts) -> Iterator[Mark]:
    """Judge the settings under ``build`` and ``deploy``, and write them as the grammar wants them."""
    build, deploy = part.get("build"), part.get("deploy")
    if isinstance(build, dict) and isinstance(build.get("builder"), str):
        build["builder"] = build["builder"].strip().upper()
        instead = facts.table("builders_retired").get(build["builder"])
        if instead is not None:
            yield mark("value-deprecated", (*at, "build", "builder"), NAME, instead=f"{instead} takes its place")
    if not isinstance(deploy, dict):
        return
    here = (*at, "deploy")
    if isinstance(deploy.get("restartPolicyType"), str):
        deploy["restartPolicyType"] = deploy["restartPolicyType"].strip().upper()
    yield from _loose(deploy, here)
    timeout, short = deploy.get("healthcheckTimeout"), facts.integer("health_seconds_short")
    if isinstance(timeout, int) and not isinstance(timeout, bool) and timeout <= short:
        yield mark("health-short", (*here, "healthcheckTimeout"), NAME, seconds=str(timeout))
    seconds = seconds_of(deploy.get("drainingSeconds"))
    if seconds is not None and seconds < facts.integer("draining_seconds_short"):
        yield mark("shutdown-short", (*here, "drainingSeconds"), NAME, seconds=str(seconds))


def _loose(deploy: dict[str, Any], here: Path) -> Iterator[Mark]:
    for field in _NUMBERS:
        value = deploy.get(field)
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            deploy[field] = int(value)
            yield mark("value-loose", (*here, field), NAME, expected="a whole number without quotes")
        elif isinstance(value, float) and value.is_integer():
            deploy[field] = int(value)
    for field in ("sleepApplication", "useLegacyStacker"):
        value = deploy.get(field)
        if isinstance(value, str) and value.strip().lower() in TRUTH:
            deploy[field] = TRUTH[value.strip().lower()]
            yield mark("value-loose", (*here, field), NAME, expected="true or false without quotes")


def seconds_of(value: Any) -> int | None:
    """Return a time that is written as a number or as text; None for what is neither."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
