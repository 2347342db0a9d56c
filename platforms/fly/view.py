"""``fly.toml`` in no platform's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.lint.document import Path
from provisioner.lint.view import Env, Service, Text, View


def services(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield what Fly Proxy leads to a Machine: ``http_service`` and each of ``services``, which may be one table."""
    if isinstance(data.get("http_service"), dict):
        yield ("http_service",), data["http_service"]
    found = data.get("services")
    if isinstance(found, dict):
        yield ("services",), found
    for index, service in enumerate(found if isinstance(found, list) else ()):
        if isinstance(service, dict):
            yield ("services", index), service


def view(data: dict[str, Any]) -> View:
    """Return what the file says; whatever has another shape than expected is left out.

    One app is one service here. Fly.io injects no PORT: what decides is ``internal_port``.
    """
    public = [(at, each) for at, each in services(data) if each.get("protocol") != "udp"]
    image = _at(data, "build", "image")
    app = data.get("app")
    return View(
        (
            Service(
                name=app if isinstance(app, str) and app else "The app",
                at=public[0][0] if public else (),
                public=bool(public),
                images=(Text(image, ("build", "image")),) if isinstance(image, str) else (),
                commands=tuple(_commands(data)),
                envs=tuple(_envs(data.get("env"), ("env",))),
                health=_health(data, public),
                port_is_given=False,
            ),
        ),
        # The arguments of a build stay in the image.
        envs=tuple(_envs(_at(data, "build", "args"), ("build", "args"))),
    )


def _at(data: dict[str, Any], table: str, key: str) -> Any:
    inner = data.get(table)
    return inner.get(key) if isinstance(inner, dict) else None


def _commands(data: dict[str, Any]) -> Iterator[Text]:
    processes = data.get("processes")
    for name, command in (processes if isinstance(processes, dict) else {}).items():
        if isinstance(command, str):
            yield Text(command, ("processes", name))
    for table, key in (("deploy", "release_command"), ("experimental", "cmd")):
        command = _at(data, table, key)
        if isinstance(command, list):
            command = " ".join(str(part) for part in command)
        if isinstance(command, str):
            yield Text(command, (table, key))


def _envs(table: Any, at: Path) -> Iterator[Env]:
    for name, value in (table if isinstance(table, dict) else {}).items():
        if isinstance(value, str | int | float):
            yield Env(name, (*at, name), str(value))


def _health(data: dict[str, Any], public: list[tuple[Path, dict[str, Any]]]) -> Text | None:
    """Return the path of the first HTTP check, of a service or of the Machine."""
    for at, service in public:
        for key in ("checks", "http_checks"):
            checks = service.get(key)
            for index, check in enumerate(checks if isinstance(checks, list) else ()):
                if isinstance(check, dict):
                    return _path(check, (*at, key, index))
    top = data.get("checks")
    named = list(top.items()) if isinstance(top, dict) else list(enumerate(top if isinstance(top, list) else ()))
    for name, check in named:
        if isinstance(check, dict) and check.get("type", "http") == "http":
            return _path(check, ("checks", name))
    return None


def _path(check: dict[str, Any], at: Path) -> Text:
    path = check.get("path")
    return Text(path, (*at, "path")) if isinstance(path, str) else Text("/", at)
