"""Requests for a service, and buttons: what Koyeb refuses, what is old, unsafe, or fails at the click."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.checks import is_floating
from provisioner.lint.document import Document, Path, has
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark
from provisioner.text import is_placeholder

from .grammar import Definition, Service
from .view import listed, place, view

NAME = "koyeb"
NAMES = ("platforms/koyeb/*.json",)
SOURCES = ("docker", "git", "database", "archive")
NUMBERS = frozenset({"port", "min", "max", "grace_period", "interval", "restart_limit", "timeout", "replica_index"})


def recognises(document: Document) -> int:
    """A definition has a source, and what only Koyeb calls so."""
    at = place(document)
    source = any(isinstance(document.get(*at, name), dict) for name in SOURCES)
    own = any(isinstance(document.get(*at, name), list) for name in ("instance_types", "scalings", "regions"))
    return 90 if source and own else 0


def judge_link(url: str) -> str | None:
    """The address is the manifest: it names a repository or an image, and an image by its version."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.netloc.lower() != "app.koyeb.com" or parts.path.rstrip("/") not in ("/deploy", "/services/deploy"):
        return None
    query = parse_qs(parts.query)
    if not query.get("repository") and not query.get("image"):
        return "button-implicit"
    return "image-floating" if any(is_floating(image) for image in query.get("image", ())) else None


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts, at = load_facts(__file__), place(document)
    data = copy.deepcopy(document.data)
    found = [*_numbers(data, ())]
    found += _old(document, at)
    found += _sources(document, at)
    found += _sold(document, at, facts)
    found += _ports(document, at)
    for here, env in listed(document, *at, "env"):
        if isinstance(env.get("value"), str) and is_placeholder(env["value"]):
            found.append(mark("value-placeholder", (*here, "value"), NAME))
    found += check_grammar(Service if at else Definition, data, platform=NAME)
    found += check_view(view(document), NAME)
    return found


def _numbers(value: Any, at: Path) -> Iterator[Mark]:
    """Turn numbers in quotes into numbers, as the API does."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        if isinstance(inner, dict | list):
            yield from _numbers(inner, (*at, key))
        elif key in NUMBERS and isinstance(inner, str) and re.fullmatch("[0-9]{1,9}", inner):
            value[key] = int(inner)
            yield mark("value-loose", (*at, key), NAME, expected="a number without quotes")


def _old(document: Document, at: Path) -> Iterator[Mark]:
    if at and has(document.get(*at), "name"):
        yield mark("field-deprecated", (*at, "name"), NAME, instead="the service's own name takes its place")
    for field in ("build_command", "run_command"):
        if has(document.get(*at, "git"), field):
            instead = f"buildpack.{field} takes its place"
            yield mark("field-deprecated", (*at, "git", field), NAME, instead=instead)
    if document.get(*at, "strategy", "type") == "DEPLOYMENT_STRATEGY_TYPE_INVALID":
        instead = "DEPLOYMENT_STRATEGY_TYPE_DEFAULT takes its place"
        yield mark("value-deprecated", (*at, "strategy", "type"), NAME, instead=instead)
    for here, scaling in listed(document, *at, "scalings"):
        targets = scaling.get("targets")
        for index, target in enumerate(targets if isinstance(targets, list) else ()):
            idle = target.get("sleep_idle_delay") if isinstance(target, dict) else None
            if has(idle, "value"):
                where = (*here, "targets", index, "sleep_idle_delay", "value")
                yield mark("field-deprecated", where, NAME, instead="deep_sleep_value takes its place")


def _sources(document: Document, at: Path) -> Iterator[Mark]:
    given = [name for name in SOURCES if has(document.get(*at), name)]
    if len(given) > 1:
        yield mark("fields-conflict", (*at, given[1]), NAME, reason=f"{given[0]} and {given[1]}")
    git = document.get(*at, "git")
    if has(git, "buildpack") and has(git, "docker"):
        yield mark("fields-conflict", (*at, "git", "docker"), NAME, reason="buildpack and docker")
    for here, env in listed(document, *at, "env"):
        if env.get("value") and env.get("secret"):
            yield mark("fields-conflict", here, NAME, reason="value and secret")


def _sold(document: Document, at: Path, facts: Facts) -> Iterator[Mark]:
    """Instances and regions that are not among those known."""
    known, forms = tuple(facts.table("web_plans")), facts.texts("web_plan_forms")
    date = facts.facts["web_plans"].date
    for here, instance in listed(document, *at, "instance_types"):
        name = instance.get("type")
        if isinstance(name, str) and name not in known and not any(re.fullmatch(form, name) for form in forms):
            yield mark("plan-unknown", (*here, "type"), NAME, known=", ".join(known[:6]), date=date)
    regions, open_ones = document.get(*at, "regions"), facts.texts("regions")
    for index, region in enumerate(regions if isinstance(regions, list) else ()):
        if isinstance(region, str) and region not in open_ones:
            instead = f"no such region was open on {facts.facts['regions'].date}: {', '.join(open_ones[:9])}"
            yield mark("value-deprecated", (*at, "regions", index), NAME, instead=instead)


def _ports(document: Document, at: Path) -> Iterator[Mark]:
    """Routes and checks name ports of the list; PORT must be one of them."""
    listening = {str(item.get("port")) for _, item in listed(document, *at, "ports")}
    if not listening:
        return
    asked = [(here, item.get("port")) for here, item in listed(document, *at, "routes")]
    for here, check in listed(document, *at, "health_checks"):
        for kind in ("http", "tcp"):
            inner = check.get(kind)
            if isinstance(inner, dict):
                asked.append(((*here, kind), inner.get("port")))
    for here, port in asked:
        if isinstance(port, int | str) and str(port) not in listening:
            yield mark("reference-unknown", (*here, "port"), NAME, name=f"the port {str(port)[:5]}")
    for here, env in listed(document, *at, "env"):
        value = env.get("value")
        if env.get("key") == "PORT" and isinstance(value, str) and value.isdigit() and value not in listening:
            yield mark("port-fixed", (*here, "value"), NAME)
