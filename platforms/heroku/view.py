"""``app.json`` and ``heroku.yml`` in no platform's words."""

from __future__ import annotations

from typing import Any

from provisioner.facts import Facts
from provisioner.lint.document import Path
from provisioner.lint.view import Env, Service, Text, View
from provisioner.recipes import Recipe, recipe


def app_view(data: dict[str, Any], facts: Facts) -> View:
    """Return what app.json says: variables, and a script that runs once after the first deploy."""
    made = recipe(facts.table("secret_recipe"))
    envs = _envs(table(data, "env"), ("env",), made)
    for name, part in table(data, "environments").items():
        if isinstance(part, dict) and name != "test":
            envs += _envs(table(part, "env"), ("environments", name, "env"), made)
    commands = []
    postdeploy = table(data, "scripts").get("postdeploy")
    if isinstance(postdeploy, str):
        commands.append(Text(postdeploy, ("scripts", "postdeploy")))
    # Nothing here serves requests: Procfile or heroku.yml says what does.
    service = Service("The app", (), public=False, commands=tuple(commands), envs=tuple(envs), probes=False)
    return View((service,))


def build_view(data: dict[str, Any]) -> View:
    """Return what heroku.yml says: the commands of each process."""
    services = []
    for name, process in table(data, "run").items():
        here: Path = ("run", name)
        text = _command(process)
        commands = (Text(text, here),) if text else ()
        services.append(Service(name, here, public=name == "web", commands=commands, probes=False))
    release = _command(data.get("release"))
    if release:
        before = (Text(release, ("release", "command")),)
        services.append(Service("release", ("release",), public=False, other_commands=before, probes=False))
    config = _envs(table(table(data, "build"), "config"), ("build", "config"), None)
    config += _envs(table(table(data, "setup"), "config"), ("setup", "config"), None)
    return View(tuple(services), envs=tuple(config))


def table(data: Any, key: str) -> dict[str, Any]:
    """Return the table under `key`; an empty one where there is none."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _command(process: Any) -> str:
    if isinstance(process, dict):
        process = process.get("command")
    if isinstance(process, list):
        process = " && ".join(part for part in process if isinstance(part, str))
    return process if isinstance(process, str) else ""


def _envs(envs: dict[str, Any], at: Path, made: Recipe | None) -> list[Env]:
    found = []
    for name, env in envs.items():
        here = (*at, name)
        if isinstance(env, str | int | float):
            found.append(Env(name, here, str(env)))
        elif isinstance(env, dict) and env.get("generator") == "secret":
            found.append(Env(name, here, origin="generated", recipe=made))
        elif isinstance(env, dict) and isinstance(env.get("value"), str):
            # What the form shows can be changed there; a secret that nobody changes is everybody's.
            found.append(Env(name, (*here, "value"), env["value"]))
        elif isinstance(env, dict):
            found.append(Env(name, here, origin="prompt"))
    return found
