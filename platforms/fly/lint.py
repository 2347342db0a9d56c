"""``fly.toml`` as it is found in the wild: what flyctl takes, bends, passes over, and what fails at the deploy."""

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

from .grammar import Config
from .view import services, view

NAME = "fly"
NAMES = ("fly.toml", "fly.*.toml")
NOMAD = "it is of the first generation of apps, and Machines pass over it"
FEWEST_SECONDS = 10  # flyctl's own default of 5 s cuts most requests that a deploy meets
_LEFTOVERS = ("auto_rollback", "allowed_public_ports", "private_network")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_SECONDS = re.compile(r"(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s?)?")


def recognises(document: Document) -> int:
    """An app's configuration has http_service, or services with an internal port, in TOML."""
    if document.format != "toml" or not isinstance(document.data, dict):
        return 0
    data = document.data
    if "internal_port" in str(data.get("http_service")) or "internal_port" in str(data.get("services")):
        return 90
    return 60 if "app" in data and ("primary_region" in data or "kill_signal" in data) else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    facts = load_facts(__file__)
    data = copy.deepcopy(document.data)
    found = [*_placeholders(data, ())]
    found += _bent(data)
    found += _leftovers(data)
    found += _sold(data, facts)
    found += _stops(data, facts)
    found += _ports(data, facts)
    found += check_grammar(Config, data, platform=NAME)
    found += check_view(view(document.data), NAME)
    return found


def _placeholders(value: Any, at: Path) -> Iterator[Mark]:
    """A template's text: TOML takes it inside quotes, and it is deployed as it is."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _placeholders(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _placeholders(inner, (*at, index))
    elif isinstance(value, str) and _TEMPLATE.search(value):
        yield mark("value-placeholder", at, NAME)


def _bent(data: dict[str, Any]) -> Iterator[Mark]:
    """Do to the data what flyctl does to it before it reads it, saying what the schema would refuse."""
    env = data.get("env")
    env = env if isinstance(env, dict) else {}
    for name, value in env.items():
        if isinstance(value, bool | int | float):
            env[name] = str(value)
            yield mark("value-loose", ("env", name), NAME, expected="text in quotes")
    for key in ("services", "vm", "mount", "mounts", "statics", "metrics", "restart"):
        if isinstance(data.get(key), dict):
            data[key] = [data[key]]
    if isinstance(data.get("checks"), list):
        data["checks"] = {str(index): check for index, check in enumerate(data["checks"])}
    for at, service in services(data):
        stop = service.get("auto_stop_machines")
        if isinstance(stop, bool):
            service["auto_stop_machines"] = "stop" if stop else "off"
            yield mark("value-loose", (*at, "auto_stop_machines"), NAME, expected='"off", "stop" or "suspend"')
        yield from _number(service, "internal_port", at)
        if isinstance(service.get("ports"), dict):
            service["ports"] = [service["ports"]]
        ports = service.get("ports")
        for index, port in enumerate(ports if isinstance(ports, list) else ()):
            if isinstance(port, dict):
                yield from _number(port, "port", (*at, "ports", index))


def _number(item: dict[str, Any], key: str, at: Path) -> Iterator[Mark]:
    value = item.get(key)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        item[key] = int(value)
        yield mark("value-loose", (*at, key), NAME, expected="a number without quotes")


def _leftovers(data: dict[str, Any]) -> Iterator[Mark]:
    """What the first generation of apps had (flyctl says so of each: "only supported on V1 Apps")."""
    if isinstance(data.get("processes"), list):
        del data["processes"]
        yield mark("field-deprecated", ("processes",), NAME, instead="it is a table of commands by their names now")
    experimental = data.get("experimental")
    for key in _LEFTOVERS:
        if isinstance(experimental, dict) and key in experimental:
            yield mark("field-deprecated", ("experimental", key), NAME, instead=NOMAD)
    if "mount" in data:
        yield mark("field-deprecated", ("mount",), NAME, instead="mounts takes its place")
    for at, service in services(data):
        if "script_checks" in service:
            yield mark("field-deprecated", (*at, "script_checks"), NAME, instead=NOMAD)
        if isinstance(service.get("concurrency"), str):
            yield mark("value-deprecated", (*at, "concurrency"), NAME, instead="it is a table with its limits now")
        for key in ("checks", "http_checks", "tcp_checks"):
            checks = service.get(key)
            for index, check in enumerate(checks if isinstance(checks, list) else ()):
                if isinstance(check, dict) and "restart_limit" in check:
                    yield mark("field-deprecated", (*at, key, index, "restart_limit"), NAME, instead=NOMAD)


def _sold(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    """Sizes and regions that are not among those known."""
    known = (*facts.table("web_plans"), *facts.texts("gpu_plans"))
    deploy = data.get("deploy")
    release = deploy.get("release_command_vm") if isinstance(deploy, dict) else None
    vms = data.get("vm")
    sizes: list[tuple[Path, Any]] = [
        (("vm", index), vm) for index, vm in enumerate(vms if isinstance(vms, list) else ())
    ]
    for at, vm in [*sizes, (("deploy", "release_command_vm"), release)]:
        size = vm.get("size") if isinstance(vm, dict) else None
        if isinstance(size, str) and size not in known and not _TEMPLATE.search(size):
            date = facts.facts["web_plans"].date
            yield mark("plan-unknown", (*at, "size"), NAME, known=", ".join(known[:6]), date=date)
    region, regions = data.get("primary_region"), facts.texts("regions")
    if isinstance(region, str) and region not in regions and not _TEMPLATE.search(region):
        # Closed ones keep the Machines that they have, so that the file may still be right.
        instead = f"no new Machine is made there (open on {facts.facts['regions'].date}: {', '.join(regions)})"
        yield mark("value-deprecated", ("primary_region",), NAME, instead=instead)


def _stops(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    """``kill_timeout``, in seconds or as a text with units."""
    value = data.get("kill_timeout")
    if isinstance(value, str) and (match := _SECONDS.fullmatch(value.strip())) and value.strip():
        value = 60 * int(match[1] or 0) + int(match[2] or 0)
    if isinstance(value, bool) or not isinstance(value, int):
        return
    least, most = facts.facts["shutdown_range"].value
    if not least <= value <= most:
        yield mark("field-form", ("kill_timeout",), NAME, reason=f"it must be from {least} to {most} seconds")
    elif value < FEWEST_SECONDS and any(services(data)):
        yield mark("shutdown-short", ("kill_timeout",), NAME, seconds=str(value))


def _ports(data: dict[str, Any], facts: Facts) -> Iterator[Mark]:
    """A server that is told another port in PORT than the one that Fly Proxy leads to."""
    env = data.get("env")
    port = str(env.get("PORT", "")) if isinstance(env, dict) else ""
    led = {str(service.get("internal_port", facts.integer("internal_port"))) for _, service in services(data)}
    if led and re.fullmatch("[0-9]+", port) and port not in led:
        yield mark("port-fixed", ("env", "PORT"), NAME)
