"""The runtimes of the four first-class platforms, with the manifests that are committed for them."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from provisioner.lint.document import Document
from provisioner.lint.document import read as read_document
from provisioner.rehearsal.server import Role
from provisioner.rehearsal.session import Session
from provisioner.rehearsal.wanted import Wanted

ROOT = Path(__file__).parent.parent.parent
NAMES = ("render", "railway", "digitalocean", "heroku")
RUNTIMES: dict[str, Any] = {name: import_module(f"platforms.{name}.runtime") for name in NAMES}
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def committed(name: str) -> dict[str, Document]:
    """Return the committed manifests that the platform's click reads."""
    return {path: read_document(path, (ROOT / path).read_text()) for path in RUNTIMES[name].MANIFESTS}


def with_data(name: str, data: Any, path: str | None = None) -> dict[str, Document]:
    """Return the platform's documents with `data` as the first of them, or as the one at `path`."""
    documents = committed(name)
    path = path or RUNTIMES[name].MANIFESTS[0]
    return {**documents, path: Document(path, "", "yaml", data)}


def wanted_of(name: str) -> Wanted:
    """Return what the committed manifests ask for."""
    wanted: Wanted = RUNTIMES[name].read(committed(name))
    return wanted


def environ_of(name: str, wanted: Wanted, folder: Path, port: int = 24001) -> dict[str, str]:
    """Return the environment that a session would build, without starting anything."""
    habits = RUNTIMES[name].HABITS
    session = Session(wanted, habits, SimpleNamespace(folder=folder), SimpleNamespace())  # type: ignore[arg-type]
    session.role = Role(wanted.role, "Zq3vT8mXw2LkRb7n", wanted.dbname)
    session.gate = SimpleNamespace(port=25432)  # type: ignore[assignment]
    session.certificate = SimpleNamespace(certificate=folder / "ca.pem")  # type: ignore[assignment]
    return session.environ(port)
