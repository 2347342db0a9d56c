"""``app.json`` and ``heroku.yml`` as they are found: what Heroku takes, refuses, no longer sells."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark
from provisioner.lint.versions import retired as is_retired

from .grammar import AppJson, HerokuYml
from .view import app_view, build_view, table

NAME = "heroku"
NAMES = ("app.json", "heroku.yml", "heroku.yaml")
POSTGRES, REDIS = ("heroku-postgresql", "heroku-postgres"), ("heroku-redis", "heroku-key-value-store")


def recognises(document: Document) -> int:
    """app.json is also read by Dokku and by Cloud Run's button, which know fields that Heroku does not."""
    data = document.data if isinstance(document.data, dict) else {}
    if isinstance(data.get("build"), dict) and ("docker" in data["build"] or "languages" in data["build"]):
        return 80 if document.format == "yaml" else 0
    if {"options", "hooks", "healthchecks", "cron"} & set(data) or "dokku" in table(data, "scripts"):
        return 10 if document.name == "app.json" else 0
    if document.format == "json" and {"addons", "env", "formation", "buildpacks", "success_url", "stack"} & set(data):
        return 60
    return 20 if document.format == "json" and {"name", "keywords", "repository"} <= set(data) else 0


def judge_link(url: str) -> str | None:
    """Without ``template`` the button relied on the Referer header, which Heroku no longer reads."""
    here = "heroku.com/deploy" in url or "heroku.com/new-app" in url
    return "button-implicit" if here and "template=" not in url and ".svg" not in url else None


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    data = copy.deepcopy(document.data)
    if document.format == "yaml":
        return [*_heroku_yml(document, data, facts), *check_view(build_view(document.data), NAME)]
    found = [*_strict(data), *_sold(data, (), facts)]
    for name, part in table(data, "environments").items():
        if isinstance(part, dict):
            found += _sold(part, ("environments", name), facts)
    found += check_grammar(AppJson, data, platform=NAME)
    return [*found, *check_view(app_view(document.data, facts), NAME)]


def _heroku_yml(document: Document, data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    if document.name.endswith(".yaml") and document.name.startswith("heroku"):
        reason = "Heroku reads heroku.yml, not heroku.yaml"
        yield mark("file-misplaced", (), NAME, reason=reason, fix="Rename it to heroku.yml")
    setup = table(data, "setup")
    if setup:
        instead = "the button and ordinary deploys pass over setup; app.json says the same to the button"
        yield mark("field-deprecated", ("setup",), NAME, instead=instead)
        yield from _sold(setup, ("setup",), facts)
    yield from check_grammar(HerokuYml, data, platform=NAME)


def _strict(data: dict[str, Any]) -> Iterator[Mark]:
    """Write scalars as text, as the format wants them, saying where they were not."""
    for name, env in table(data, "env").items():
        here: Path = ("env", name)
        if isinstance(env, bool | int | float):
            data["env"][name] = str(env)
            yield mark("value-loose", here, NAME, expected="text in quotes")
        elif isinstance(env, dict):
            if isinstance(env.get("value"), bool | int | float):
                env["value"] = str(env["value"])
                yield mark("value-loose", (*here, "value"), NAME, expected="text in quotes")
            if isinstance(env.get("required"), str):
                env["required"] = env["required"] == "true"
                yield mark("value-loose", (*here, "required"), NAME, expected="true or false without quotes")
            generator = env.get("generator")
            if isinstance(generator, str) and generator != "secret":
                yield mark("field-value", (*here, "generator"), NAME, expected="secret")
    scripts = table(data, "scripts")
    if "pr-predeploy" in scripts:
        instead = "there is pr-predestroy, and no pr-predeploy"
        yield mark("field-deprecated", ("scripts", "pr-predeploy"), NAME, instead=instead)


def _sold(part: dict[str, Any], at: Path, facts: Facts) -> Iterator[Mark]:
    """Say which plans, sizes, stacks and versions cannot be had."""
    yield from _stack(part.get("stack"), (*at, "stack"), facts)
    for name, dynos in table(part, "formation").items():
        size = dynos.get("size") if isinstance(dynos, dict) else None
        if isinstance(size, str):
            yield from _size(size, (*at, "formation", name, "size"), facts)
    addons = part.get("addons")
    for index, addon in enumerate(addons if isinstance(addons, list) else []):
        here: Path = (*at, "addons", index)
        plan = addon.get("plan") if isinstance(addon, dict) else addon
        if isinstance(plan, str):
            yield from _addon(plan, (*here, "plan") if isinstance(addon, dict) else here, facts)
        version = table(addon, "options").get("version")
        if str(plan).startswith(POSTGRES) and is_retired(version, facts):
            details = {"what": "PostgreSQL", "version": str(version), "instead": facts.text("postgres_version")}
            yield mark("version-retired", (*here, "options", "version"), NAME, **details)


def _stack(stack: Any, at: Path, facts: Facts) -> Iterator[Mark]:
    if not isinstance(stack, str):
        return
    instead = facts.text("stack_next")
    if stack in facts.texts("stacks_retired"):
        yield mark("version-retired", at, NAME, what="the stack", version=stack, instead=instead)
    elif when := facts.table("stacks_ending").get(stack):
        yield mark("version-ending", at, NAME, what="The stack", version=stack, when=when, instead=instead)
    elif stack not in facts.texts("stacks"):
        yield mark("field-value", at, NAME, expected=", ".join(facts.texts("stacks")))


def _size(size: str, at: Path, facts: Facts) -> Iterator[Mark]:
    plain, known = size.lower(), facts.table("web_plans")
    if plain in facts.table("web_plans_retired"):
        yield mark("plan-retired", at, NAME, plan=plain, instead=facts.table("web_plans_retired")[plain])
    elif plain not in known:
        yield mark("plan-unknown", at, NAME, known=", ".join(known), date=facts.facts["web_plans"].date)


def _addon(addon: str, at: Path, facts: Facts) -> Iterator[Mark]:
    """Judge Heroku's own data stores; add-ons of others come and go without our knowing."""
    slug, _, plan = addon.strip().lower().partition(":")
    if slug in REDIS and plan in facts.table("redis_plans_retired"):
        yield mark("plan-retired", at, NAME, plan=plan, instead=facts.table("redis_plans_retired")[plan])
    if slug not in POSTGRES:
        return
    retired = facts.table("database_plans_retired")
    if not plan:
        yield mark("plan-implicit", at, NAME, plan=facts.text("database_plan"))
    elif plan in retired:
        yield mark("plan-retired", at, NAME, plan=plan, instead=retired[plan])
    elif plan not in facts.table("database_plans") and not any(
        re.fullmatch(form, plan) for form in facts.texts("database_plan_forms")
    ):
        known = ", ".join(facts.table("database_plans"))
        yield mark("plan-unknown", at, NAME, known=known, date=facts.facts["database_plans"].date)
