"""A request for a service in no platform's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.lint.document import Document, Path, has
from provisioner.lint.view import Env, Service, Text, View


def place(document: Document) -> Path:
    """Return where the definition stands: the file may hold the whole request, or it alone."""
    return ("definition",) if has(document.data, "definition") else ()


def listed(document: Document, *at: str | int) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the tables of the list at `at`, with their paths; nothing where there is no list."""
    items = document.get(*at)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (*at, index), item


def view(document: Document) -> View:
    """Return what the file says; the platform sends requests to the ports that it lists, so a number is right."""
    at = place(document)
    kind, image = document.get(*at, "type"), document.get(*at, "docker", "image")
    name = document.get("name") or document.get(*at, "name")
    return View(
        (
            Service(
                name=name if isinstance(name, str) else "The service",
                at=at,
                public=kind in ("WEB", None) and document.get(*at, "database") is None,
                images=(Text(image, (*at, "docker", "image")),) if isinstance(image, str) else (),
                commands=tuple(_commands(document, at, "command", "run_command")),
                build_commands=tuple(_commands(document, at, "build_command")),
                envs=tuple(_envs(document, at)),
                health=_health(document, at),
                port_is_given=False,
            ),
        )
    )


def _commands(document: Document, at: Path, *names: str) -> Iterator[Text]:
    for source in (("docker",), ("git",), ("git", "docker"), ("git", "buildpack"), ("archive", "buildpack")):
        args = document.get(*at, *source, "args")
        for name in names:
            command = document.get(*at, *source, name)
            if isinstance(command, str):
                rest = [part for part in args if isinstance(part, str)] if isinstance(args, list) else []
                yield Text(" ".join([command, *rest]), (*at, *source, name))


def _envs(document: Document, at: Path) -> Iterator[Env]:
    for here, env in listed(document, *at, "env"):
        name, value = env.get("key"), env.get("value")
        if not isinstance(name, str):
            continue
        if env.get("secret"):
            yield Env(name, here, origin="reference")
        elif isinstance(value, str) and value:
            yield Env(name, (*here, "value"), value, origin="reference" if "{{" in value else "literal")
        else:
            yield Env(name, here, origin="prompt")


def _health(document: Document, at: Path) -> Text | None:
    for here, check in listed(document, *at, "health_checks"):
        http = check.get("http")
        if isinstance(http, dict):
            path = http.get("path")
            return Text(path if isinstance(path, str) else "/", (*here, "http"))
    return None
