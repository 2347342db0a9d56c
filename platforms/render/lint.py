"""``render.yaml`` as it is found in the wild: what Render takes, refuses, no longer sells."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark, mark_at
from provisioner.lint.versions import retired

from .grammar import Blueprint
from .view import resources, view

NAME = "render"
NAMES = ("render.yaml", "render.yml")
BUILT = ("web", "pserv", "worker", "cron")


def recognises(document: Document) -> int:
    """A Blueprint has services with a type, or databases with a name beside them."""
    services, databases = document.get("services"), document.get("databases")
    if isinstance(services, list) and services and all(isinstance(item, dict) and "type" in item for item in services):
        return 90
    if isinstance(databases, list) and any(isinstance(item, dict) and "ipAllowList" in item for item in databases):
        return 80
    return 70 if isinstance(document.get("envVarGroups"), list) else 0


def judge_link(url: str) -> str | None:
    """Without ``repo`` the button relies on the Referer header, which browsers shorten."""
    return "button-implicit" if re.search(r"render\.com/deploy/?(?:[?#]|$)", url) and "repo=" not in url else None


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    data = copy.deepcopy(document.data)
    found: list[Mark] = []
    if document.name == "render.yml":
        reason = "Render reads render.yaml, not render.yml"
        found.append(mark("file-misplaced", (), NAME, reason=reason, fix="Rename it to render.yaml"))
    for at, part in resources(data):
        found += _strict(part, at)
        found += _sold(part, at, facts)
        found += _references(part, at, data)
    for item in check_grammar(Blueprint, data, platform=NAME):
        # What was renamed above stands in the file under its old name.
        renamed = item.at[-1:] == ("runtime",) and document.get(*item.at[:-1], "env") is not None
        found.append(mark_at(item, (*item.at[:-1], "env")) if renamed else item)
    found += check_view(view(document.data, facts), NAME)
    return found


def _listed(part: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    items = part.get(key)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield index, item


def _strict(part: dict[str, Any], at: Path) -> Iterator[Mark]:
    """Bring the part into the strict form, saying what had to be changed."""
    for index, service in _listed(part, "services"):
        here = (*at, "services", index)
        if "env" in service and "runtime" not in service:
            service["runtime"] = service.pop("env")
            yield mark("field-deprecated", (*here, "env"), NAME, instead="runtime takes its place")
        if service.get("type") == "redis":
            yield mark("value-deprecated", (*here, "type"), NAME, instead="keyvalue takes its place")
        for old in ("pullRequestPreviewsEnabled", "previewPlan"):
            if old in service and service.get("type") not in ("keyvalue", "redis"):
                yield mark("field-deprecated", (*here, old), NAME, instead="previews takes its place")
        if "domain" in service:
            yield mark("field-deprecated", (*here, "domain"), NAME, instead="domains takes its place")
        if "runtime" not in service and "buildSource" not in service and service.get("type") in BUILT:
            yield mark("field-absent", (*here, "runtime"), NAME, field="runtime")
        yield from _plan_case(service, here)
        yield from _envs(service, here)
        yield from _texts(service, here, ("schedule", "healthCheckPath", "branch", "rootDir"))
    for index, group in _listed(part, "envVarGroups"):
        here = (*at, "envVarGroups", index)
        if "envVars" in group and group["envVars"] is None:
            group["envVars"] = []
            yield mark("value-loose", (*here, "envVars"), NAME, expected="a list, [] for an empty one,")
        yield from _envs(group, here)
        for number, env in _listed(group, "envVars"):
            if env.get("sync") is False:
                instead = "Render passes over sync: false in a group; ask for it at the service"
                yield mark("field-deprecated", (*here, "envVars", number, "sync"), NAME, instead=instead)
    for index, database in _listed(part, "databases"):
        here = (*at, "databases", index)
        yield from _plan_case(database, here)
        yield from _texts(database, here, ("postgresMajorVersion",))
    if not at:
        yield from _texts(part, (), ("version",))
        for old in ("previewsEnabled", "previewsExpireAfterDays"):
            if old in part:
                yield mark("field-deprecated", (old,), NAME, instead="previews takes its place")


def _plan_case(item: dict[str, Any], here: Path) -> Iterator[Mark]:
    plan = item.get("plan")
    if isinstance(plan, str) and plan != plan.lower():
        item["plan"] = plan.lower()
        yield mark("value-loose", (*here, "plan"), NAME, expected="a plan in lower case")


def _texts(item: dict[str, Any], here: Path, fields: tuple[str, ...]) -> Iterator[Mark]:
    for field in fields:
        if isinstance(item.get(field), int | float):
            item[field] = f"{item[field]:g}"
            yield mark("value-loose", (*here, field), NAME, expected="text in quotes")


def _envs(item: dict[str, Any], here: Path) -> Iterator[Mark]:
    for index, env in _listed(item, "envVars"):
        for field in ("value", "previewValue"):
            if isinstance(env.get(field), bool):
                env[field] = str(env[field]).lower()
                yield mark("value-loose", (*here, "envVars", index, field), NAME, expected="text in quotes")


def _sold(part: dict[str, Any], at: Path, facts: Facts) -> Iterator[Mark]:
    """Say which plans, versions and combinations cannot be had."""
    for index, service in _listed(part, "services"):
        here, plan = (*at, "services", index), service.get("plan")
        keyvalue = service.get("type") in ("keyvalue", "redis")
        known = facts.texts("keyvalue_plans") if keyvalue else tuple(facts.table("web_plans"))
        if service.get("type") == "cron" and plan in facts.texts("plans_not_for_cron"):
            yield mark(
                "plan-unfit", (*here, "plan"), NAME, plan=str(plan), reason="a cron job has the smaller plans alone"
            )
        static = "static" in (service.get("type"), service.get("runtime"))
        yield from _plan(plan, (*here, "plan"), known, {} if keyvalue else facts.table("web_plans_retired"), facts)
        if plan is None and not keyvalue and not static and service.get("type") in ("web", "pserv", "worker", "cron"):
            yield mark("plan-implicit", here, NAME, plan=facts.text("web_plan"))
        if plan == "free" and not static:
            yield from _free(service, here)
        yield from _region(service, here, facts)
    for index, database in _listed(part, "databases"):
        here, plan = (*at, "databases", index), database.get("plan")
        known, forms = tuple(facts.table("database_plans")), facts.texts("database_plan_forms")
        if isinstance(plan, str) and not any(re.fullmatch(form, plan) for form in forms):
            yield from _plan(plan, (*here, "plan"), known, facts.table("database_plans_retired"), facts)
        if plan is None:
            yield mark("plan-implicit", here, NAME, plan=facts.text("database_plan"))
        version = database.get("postgresMajorVersion")
        if isinstance(version, str) and retired(version, facts):
            instead = facts.text("postgres_version")
            at_version = (*here, "postgresMajorVersion")
            yield mark("version-retired", at_version, NAME, what="PostgreSQL", version=version, instead=instead)
        elif isinstance(version, str) and version not in facts.texts("postgres_versions"):
            expected = ", ".join(facts.texts("postgres_versions"))
            yield mark("field-value", (*here, "postgresMajorVersion"), NAME, expected=expected)
        yield from _region(database, here, facts)
        size = database.get("diskSizeGB")
        if isinstance(size, int) and size > 1 and size % 5:
            yield mark("field-form", (*here, "diskSizeGB"), NAME, reason="it must be 1 or a multiple of 5")


def _names(part: dict[str, Any], key: str) -> set[str]:
    return {item["name"] for _, item in _listed(part, key) if isinstance(item.get("name"), str)}


def _plan(plan: Any, at: Path, known: tuple[str, ...], retired: dict[str, str], facts: Facts) -> Iterator[Mark]:
    if not isinstance(plan, str) or plan in known:
        return
    if plan in retired:
        yield mark("plan-retired", at, NAME, plan=plan, instead=retired[plan])
    else:
        date = facts.facts["web_plans"].date
        yield mark("plan-unknown", at, NAME, known=", ".join(known[:7]), date=date)


def _free(service: dict[str, Any], here: Path) -> Iterator[Mark]:
    if service.get("type") in ("pserv", "worker", "cron"):
        reason = "only web services, static sites, databases and Key Value can be free"
        yield mark("plan-unfit", (*here, "plan"), NAME, plan="free", reason=reason)
    for field, words in (("disk", "a disk"), ("preDeployCommand", "a pre-deploy command")):
        if field in service:
            yield mark("plan-unfit", (*here, field), NAME, plan="free", reason=f"{words} needs a paid plan")


def _region(item: dict[str, Any], here: Path, facts: Facts) -> Iterator[Mark]:
    region = item.get("region")
    if isinstance(region, str) and region not in facts.texts("regions"):
        yield mark("field-value", (*here, "region"), NAME, expected=", ".join(facts.texts("regions")))


def _references(part: dict[str, Any], at: Path, whole: dict[str, Any]) -> Iterator[Mark]:
    """A database or group that a variable names must be in the file, or exist in the account already."""
    databases, services = set[str](), set[str]()
    for _, found in resources(whole):
        services |= _names(found, "services")
        databases |= _names(found, "databases")
        for _, database in _listed(found, "databases"):
            databases |= _names(database, "readReplicas")
    for index, service in _listed(part, "services"):
        for number, env in _listed(service, "envVars"):
            here = (*at, "services", index, "envVars", number)
            for field, known in (("fromDatabase", databases), ("fromService", services)):
                name = env[field].get("name") if isinstance(env.get(field), dict) else None
                if isinstance(name, str) and name not in known:
                    yield mark("reference-unknown", (*here, field), NAME, name=f"the {field[4:].lower()} {name}")
