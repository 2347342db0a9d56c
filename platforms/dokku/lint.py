"""Dokku's ``app.json`` as it is found; what it shares with Heroku's is judged the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.facts import load_facts
from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark
from provisioner.lint.view import Env, Service, Text, View
from provisioner.recipes import recipe

from .grammar import AppJson

NAME = "dokku"
NAMES = ("dokku/app.json",)


def recognises(document: Document) -> int:
    """Only Dokku reads health checks, cron tasks and scripts of its own."""
    data = document.data if isinstance(document.data, dict) else {}
    scripts = data.get("scripts")
    own = {"healthchecks", "cron"} & set(data) or (isinstance(scripts, dict) and "dokku" in scripts)
    return 80 if document.format == "json" and own else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong."""
    data = document.data
    found = [*_generators(data), *_hosts(data), *check_grammar(AppJson, data, platform=NAME)]
    return [*found, *check_view(view(data), NAME)]


def view(data: dict[str, Any]) -> View:
    """Return what the file says: variables, scripts and whether its web process is checked."""
    made = recipe(load_facts(__file__).table("secret_recipe"))
    envs: list[Env] = []
    for name, env in _table(data, "env").items():
        here: Path = ("env", name)
        if isinstance(env, str | int | float):
            envs.append(Env(name, here, str(env)))
        elif isinstance(env, dict) and env.get("generator") == "secret":
            envs.append(Env(name, here, origin="generated", recipe=made))
        elif isinstance(env, dict) and isinstance(env.get("value"), str):
            envs.append(Env(name, (*here, "value"), env["value"]))
    scripts = _table(_table(data, "scripts"), "dokku")
    commands = tuple(Text(text, ("scripts", "dokku", name)) for name, text in scripts.items() if isinstance(text, str))
    return View((Service("web", (), public=True, commands=commands, envs=tuple(envs), health=_health(data)),))


def _health(data: dict[str, Any]) -> Text | None:
    checks = _table(data, "healthchecks").get("web")
    for index, check in enumerate(checks if isinstance(checks, list) else []):
        if isinstance(check, dict) and (isinstance(check.get("path"), str) or check.get("command")):
            return Text(str(check.get("path", "")), ("healthchecks", "web", index))
    return None


def _generators(data: dict[str, Any]) -> Iterator[Mark]:
    for name, env in _table(data, "env").items():
        generator = env.get("generator") if isinstance(env, dict) else None
        if isinstance(generator, str) and generator not in ("", "secret"):
            yield mark("field-value", ("env", name, "generator"), NAME, expected="secret")


def _hosts(data: dict[str, Any]) -> Iterator[Mark]:
    """The prober asks the container's own address: a Host that frameworks refuse unless the check sets another."""
    hosts = _table(data, "env").get("ALLOWED_HOSTS")
    value = hosts.get("value") if isinstance(hosts, dict) else hosts
    if not isinstance(value, str) or not value or "*" in value:
        return
    checks = _table(data, "healthchecks").get("web")
    for index, check in enumerate(checks if isinstance(checks, list) else []):
        if isinstance(check, dict) and check.get("path") and "Host" not in str(check.get("httpHeaders")):
            at: Path = ("healthchecks", "web", index)
            yield mark("host-check", at, NAME, name="ALLOWED_HOSTS", prober="the container's address")


def _table(data: Any, key: str) -> dict[str, Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}
