"""Compose files as they are found in the wild: what Compose refuses or passes over, and what is unsafe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from provisioner.lint.checks import check as check_view
from provisioner.lint.document import Document, Path
from provisioner.lint.grammar import check as check_grammar
from provisioner.lint.marks import Mark, mark

from .grammar import Project
from .view import environment, image, services, view

NAME = "compose"
NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OLD_FOLDER = "/var/lib/postgresql/data"
NEW_FOLDER_SINCE = 18
_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_POSTGRES = re.compile(r"(?:.*/)?postgres:(?P<major>\d+)\b.*")


def recognises(document: Document) -> int:
    """A table of services, each of which is built or pulled."""
    found = document.get("services")
    if not isinstance(found, dict) or not found:
        return 0
    each = [item for item in found.values() if isinstance(item, dict)]
    return 60 if each and all({"image", "build", "extends"} & item.keys() for item in each) else 0


def lint(document: Document) -> Iterable[Mark]:
    """Return what is wrong; nothing is changed in the document."""
    data = document.data
    found: list[Mark] = []
    if "version" in data:
        instead = "Compose passes over it and says so at each start"
        found.append(mark("field-deprecated", ("version",), NAME, instead=instead))
    if not {"services", "include"} & data.keys():
        found.append(mark("field-absent", ("services",), NAME, field="services"))
    found += check_grammar(Project, data, platform=NAME)
    found += _references(data)
    for _, at, service in services(data):
        found += _database(service, at)
    found += check_view(view(data), NAME)
    return found


def _references(data: dict[str, Any]) -> Iterator[Mark]:
    """Compose refuses a file whose services name what it does not define; included files may define it."""
    if "include" in data:
        return
    names = {name for name, _, _ in services(data)}
    for _, at, service in services(data):
        for index, name in _depended(service):
            if name not in names:
                yield mark("reference-unknown", (*at, "depends_on", index), NAME, name=f"the service {name}")
        for kind in ("volumes", "secrets", "configs", "networks"):
            known = data.get(kind)
            defined = {str(name) for name in known} if isinstance(known, dict) else set()
            for index, name in _used(service, kind):
                if name not in defined and (kind, name) != ("networks", "default"):
                    yield mark("reference-unknown", (*at, kind, index), NAME, name=f"the {kind[:-1]} {name}")


def _depended(service: dict[str, Any]) -> Iterator[tuple[str | int, str]]:
    """Yield key or index and name of what must be there before."""
    written = service.get("depends_on")
    if isinstance(written, dict):
        for name, how in written.items():
            if not (isinstance(how, dict) and how.get("required") is False):
                yield str(name), str(name)
    for index, name in enumerate(written if isinstance(written, list) else []):
        if isinstance(name, str):
            yield index, name


def _used(service: dict[str, Any], kind: str) -> Iterator[tuple[str | int, str]]:
    """Yield key or index and name of each named thing of the project; paths and ``${…}`` are none."""
    written = service.get(kind)
    if isinstance(written, dict) and kind == "networks":
        for name in written:
            yield str(name), str(name)
    for index, item in enumerate(written if isinstance(written, list) else []):
        if isinstance(item, dict):
            name = item.get("source") if kind != "volumes" or item.get("type") == "volume" else None
        elif kind == "volumes":
            source, colon, _ = str(item).partition(":")
            # One letter before a colon is a drive of Windows.
            name = source if colon and len(source) > 1 else None
        else:
            name = item
        if isinstance(name, str) and _NAMED.fullmatch(name):
            yield index, name


def _database(service: dict[str, Any], at: Path) -> Iterator[Mark]:
    """What the official PostgreSQL image refuses, and what any service takes and should not have."""
    envs = {env.name: env for env in environment(service, at)}
    trust = envs.get("POSTGRES_HOST_AUTH_METHOD")
    if trust is not None and trust.value == "trust":
        yield mark("password-off", trust.at, NAME)
    if service.get("privileged") is True:
        yield mark("container-privileged", (*at, "privileged"), NAME)
    tagged = _POSTGRES.fullmatch(image(service))
    if tagged is None or int(tagged["major"][:4]) < NEW_FOLDER_SINCE or "PGDATA" in envs:
        return
    mounts = service.get("volumes")
    for index, item in enumerate(mounts if isinstance(mounts, list) else []):
        target = item.get("target") if isinstance(item, dict) else str(item).partition(":")[2].partition(":")[0]
        if isinstance(target, str) and target.rstrip("/") == OLD_FOLDER:
            reason = (
                f"since {NEW_FOLDER_SINCE} the image keeps its data below /var/lib/postgresql, and stops at this mount"
            )
            yield mark("field-form", (*at, "volumes", index), NAME, reason=reason)
