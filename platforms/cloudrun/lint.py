"""``app.json`` of the Cloud Run Button, and Knative services: what is refused, unsafe, or fails at the click."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, urlsplit

from provisioner.facts import Facts, load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark
from provisioner.text import is_placeholder

from .grammar import AppJson, Service
from .view import HOOKS, app_view, service_view

NAME = "cloudrun"
NAMES = ("platforms/cloudrun/app.json", "platforms/cloudrun/service.yaml")
OPTIONS = frozenset({"allow-unauthenticated", "memory", "cpu", "port", "http2", "concurrency", "max-instances"})
_MEMORY = re.compile(r"\d+(?:\.\d+)?(?:[kMGT]i?)?")
_SMALL_CPU = re.compile(r"0?\.\d{1,2}|\d+m")
_IMAGE = re.compile(r"(?:(?P<registry>[^/]+\.[^/]+|[^/]+:\d+|localhost)/)?.+")


def recognises(document: Document) -> int:
    """The button's app.json has options, hooks or build; a service of Knative says so itself."""
    if is_service(document):
        return 95
    options, hooks, build = (document.get(key) for key in ("options", "hooks", "build"))
    if isinstance(options, dict) and OPTIONS & set(options):
        return 95
    if isinstance(hooks, dict) and set(HOOKS) & set(hooks):
        return 95
    return 95 if isinstance(build, dict) and {"skip", "buildpacks"} & set(build) and document.format == "json" else 0


def is_service(document: Document) -> bool:
    """Tell whether it is a Knative service."""
    return str(document.get("apiVersion")).startswith("serving.knative.dev/") and document.get("kind") == "Service"


def judge_link(url: str) -> str | None:
    """Without ``git_repo`` the button relies on the Referer header, which browsers shorten."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.netloc.lower() != "deploy.cloud.run" or parts.path.endswith((".svg", ".png")):
        return None
    return None if parse_qs(parts.query).get("git_repo") else "button-implicit"


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    if is_service(document) or document.format == "yaml":
        return [*_images(document, facts), *_service(document, facts)]
    data = copy.deepcopy(document.data)
    found = [*_envs(data, facts), *_options(data, facts)]
    found += check_grammar(AppJson, data, platform=NAME)
    found += check_view(app_view(document, facts), NAME)
    return found


def _envs(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    envs = data.get("env")
    for name, env in (envs if isinstance(envs, dict) else {}).items():
        at: Path = ("env", name)
        yield from _reserved(name, at, facts)
        if not isinstance(env, dict):
            continue
        value, generator = env.get("value"), env.get("generator")
        if generator == "secret" and value not in (None, ""):
            yield mark("fields-conflict", at, NAME, reason="a value and the secret generator")
        if isinstance(generator, str) and generator != "secret":
            yield mark("value-loose", (*at, "generator"), NAME, expected="secret, the only one there is")
        if isinstance(value, str) and is_placeholder(value):
            yield mark("value-placeholder", (*at, "value"), NAME)


def _reserved(name: Any, at: Path, facts: Facts) -> Iterator[Mark]:
    if name in facts.texts("reserved_variables"):
        yield mark("field-form", at, NAME, reason="Cloud Run sets this variable itself, and refuses it here")


def _options(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    options = data.get("options")
    if not isinstance(options, dict):
        return
    memory, cpu = options.get("memory"), options.get("cpu")
    if isinstance(memory, str) and not _MEMORY.fullmatch(memory):
        yield mark("field-form", ("options", "memory"), NAME, reason='memory is a number with its unit, as "512Mi"')
    if isinstance(cpu, str) and cpu not in facts.texts("cpus") and not _SMALL_CPU.fullmatch(cpu):
        date = facts.facts["cpus"].date
        yield mark("plan-unknown", ("options", "cpu"), NAME, known=", ".join(facts.texts("cpus")), date=date)


def _images(document: Document, facts: Facts) -> Iterator[Mark]:
    """Cloud Run pulls from three registries alone, and says so when the service is made."""
    at: Path = ("spec", "template", "spec", "containers")
    containers = document.get(*at)
    for index in range(len(containers) if isinstance(containers, list) else 0):
        image = document.get(*at, index, "image")
        if not isinstance(image, str) or "$" in image or "{" in image or not (found := _IMAGE.fullmatch(image)):
            continue
        registry, known = found["registry"] or "docker.io", facts.texts("registries")
        if not any(fnmatchcase(registry, pattern) for pattern in known):
            reason = (
                f"Cloud Run takes images from {', '.join(known)} alone; a remote repository there stands for others"
            )
            yield mark("field-form", (*at, index, "image"), NAME, reason=reason)


def _service(document: Document, facts: Facts) -> Iterator[Mark]:
    at: Path = ("spec", "template", "spec", "containers")
    containers = document.get(*at)
    for index, container in enumerate(containers if isinstance(containers, list) else ()):
        envs = container.get("env") if isinstance(container, dict) else None
        for number, env in enumerate(envs if isinstance(envs, list) else ()):
            if not isinstance(env, dict):
                continue
            here: Path = (*at, index, "env", number)
            yield from _reserved(env.get("name"), (*here, "name"), facts)
            if isinstance(env.get("value"), str) and is_placeholder(env["value"]):
                yield mark("value-placeholder", (*here, "value"), NAME)
            if "value" in env and "valueFrom" in env:
                yield mark("fields-conflict", here, NAME, reason="value and valueFrom")
    yield from check_grammar(Service, document.data, platform=NAME)
    yield from check_view(service_view(document), NAME)
