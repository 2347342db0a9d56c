"""App specs as they are found: what App Platform takes, refuses, no longer sells."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.commands import migrates
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark
from provisioner.lint.versions import retired

from .grammar import Spec
from .view import PLACEHOLDER, components, tables, view

NAME = "digitalocean"
NAMES = (".do/deploy.template.yaml", ".do/deploy.template.yml", ".do/*.yaml", ".do/*.yml")
BINDABLE = re.compile(r"\$\{([a-z][a-z0-9-]*)\.[A-Z_]+\}")


def recognises(document: Document) -> int:
    """An app spec has components whose fields no other platform has."""
    inner = document.get("spec")
    spec = inner if isinstance(inner, dict) else document.data if isinstance(document.data, dict) else {}
    own = {"instance_size_slug", "http_port", "environment_slug", "run_command", "image", "git", "github", "routes"}
    found = [item for _, _, item in components(spec, ())]
    if spec.get("name") and any(own & set(item) for item in found):
        return 85
    return 75 if isinstance(spec.get("static_sites"), list) or isinstance(spec.get("functions"), list) else 0


def judge_link(url: str) -> str | None:
    """Without ``repo`` the page does not know what to deploy."""
    return "button-implicit" if "cloud.digitalocean.com/apps/new" in url and "repo=" not in url else None


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    inner = document.get("spec")
    at: Path = ("spec",) if isinstance(inner, dict) else ()
    spec = copy.deepcopy(inner if isinstance(inner, dict) else document.data)
    found = [*_place(document, bool(at)), *_strict(spec, at), *_sold(spec, at, facts), *_references(spec, at)]
    found += check_grammar(Spec, spec, platform=NAME, at=at)
    found += check_view(view(inner if isinstance(inner, dict) else document.data, at, facts), NAME)
    return found


def _place(document: Document, nested: bool) -> Iterator[Mark]:
    template = "deploy.template" in document.name
    if template and not nested:
        reason = "deploy.template.yaml holds the app spec under a top-level spec, and here it has none"
        yield mark("file-misplaced", (), NAME, reason=reason, fix="Put all of it under spec")
    elif template and document.name.endswith(".yml"):
        reason = "the button reads .do/deploy.template.yaml, not .yml"
        yield mark("file-misplaced", (), NAME, reason=reason, fix="Rename it to deploy.template.yaml")
    elif not template and nested and document.name.startswith("app."):
        instead = "doctl and the API take the spec itself; only deploy.template.yaml has it under spec"
        yield mark("field-deprecated", ("spec",), NAME, instead=instead)


def _strict(spec: dict[str, Any], at: Path) -> Iterator[Mark]:
    """Bring the spec into the strict form, saying what had to be changed."""
    for kind, here, item in [*components(spec, at), ("app", at, spec)]:
        yield from _envs(item, here)
        for old, instead in (("routes", "ingress.rules takes its place"), ("cors", "ingress.rules takes its place")):
            if old in item and kind != "app":
                yield mark("field-deprecated", (*here, old), NAME, instead=instead)
        for _, route in tables(item, "routes"):
            if isinstance(route.get("preserve_path_prefix"), str):
                route["preserve_path_prefix"] = True
        if "autoscaling" in item and "instance_count" in item:
            reason = "with autoscaling there is no instance_count"
            yield mark("fields-conflict", (*here, "instance_count"), NAME, reason=reason)
        yield from _image(item, here)
    for _, here, job in components(spec, at, "jobs"):
        if "kind" not in job and migrates(str(job.get("run_command", ""))):
            instead = "without kind a job runs after the deploy, and this one migrates; kind: PRE_DEPLOY runs before"
            yield mark("value-deprecated", here, NAME, instead=instead)
    for _, rule in tables(spec.get("ingress"), "rules"):
        target = rule.get("component")
        if isinstance(target, dict) and isinstance(target.get("preserve_path_prefix"), str):
            target["preserve_path_prefix"] = True  # DigitalOcean's own OpenAPI wrongly says text
    for index, database in tables(spec, "databases"):
        if isinstance(database.get("version"), int | float):
            database["version"] = f"{database['version']:g}"
            yield mark("value-loose", (*at, "databases", index, "version"), NAME, expected="text in quotes")


def _image(item: dict[str, Any], here: Path) -> Iterator[Mark]:
    image = item.get("image")
    if not isinstance(image, dict):
        return
    if isinstance(image.get("tag"), int | float):
        image["tag"] = str(image["tag"])
        yield mark("value-loose", (*here, "image", "tag"), NAME, expected="text in quotes")
    if image.get("tag") and image.get("digest"):
        yield mark("fields-conflict", (*here, "image", "tag"), NAME, reason="a digest excludes a tag")


def _envs(item: dict[str, Any], here: Path) -> Iterator[Mark]:
    for index, env in tables(item, "envs"):
        at = (*here, "envs", index, "value")
        value = env.get("value")
        if isinstance(value, bool | int | float):
            env["value"] = str(value).lower()
            yield mark("value-loose", at, NAME, expected="text in quotes")
        elif isinstance(value, str) and PLACEHOLDER.fullmatch(value.strip()):
            yield mark("value-placeholder", at, NAME)


def _sold(spec: dict[str, Any], at: Path, facts: Facts) -> Iterator[Mark]:
    """Say which sizes, versions and regions cannot be had."""
    sizes, old = facts.table("web_plans"), facts.table("web_plans_deprecated")
    for kind, here, item in components(spec, at, "services", "workers", "jobs"):
        size = item.get("instance_size_slug")
        if isinstance(size, str) and size in old:
            yield mark("value-deprecated", (*here, "instance_size_slug"), NAME, instead=f"{old[size]} takes its place")
        elif isinstance(size, str) and size not in sizes and "$" not in size:
            date = facts.facts["web_plans"].date
            yield mark("plan-unknown", (*here, "instance_size_slug"), NAME, known=", ".join(list(sizes)[:5]), date=date)
        elif isinstance(size, str) and "autoscaling" in item and size.startswith("apps-s-") and _by_cpu(item):
            reason = "autoscaling by CPU needs a dedicated CPU (apps-d-…)"
            yield mark("plan-unfit", (*here, "autoscaling"), NAME, plan=size, reason=reason)
        elif size is None and kind == "services":
            yield mark("plan-implicit", here, NAME, plan=facts.text("web_plan"))
    for index, database in tables(spec, "databases"):
        version = database.get("version")
        if database.get("engine") == "PG" and retired(version, facts):
            details = {"what": "PostgreSQL", "version": str(version), "instead": facts.text("postgres_version")}
            yield mark("version-retired", (*at, "databases", index, "version"), NAME, **details)
    region = spec.get("region")
    if isinstance(region, str) and region.rstrip("0123456789") not in facts.texts("regions"):
        yield mark("field-value", (*at, "region"), NAME, expected=", ".join(facts.texts("regions")))


def _by_cpu(item: dict[str, Any]) -> bool:
    scaling = item["autoscaling"]
    metrics = scaling.get("metrics") if isinstance(scaling, dict) else None
    return not isinstance(metrics, dict) or "cpu" in metrics


def _references(spec: dict[str, Any], at: Path) -> Iterator[Mark]:
    """``${name.…}`` must name a component or a database of this app."""
    everything = [item for _, _, item in components(spec, at)] + [item for _, item in tables(spec, "databases")]
    names = {item["name"] for item in everything if isinstance(item.get("name"), str)}
    for _, here, item in [*components(spec, at), ("app", at, spec)]:
        for index, env in tables(item, "envs"):
            value = env.get("value")
            for name in BINDABLE.findall(value) if isinstance(value, str) else []:
                if name not in names:
                    yield mark("reference-unknown", (*here, "envs", index, "value"), NAME, name=f"the component {name}")
