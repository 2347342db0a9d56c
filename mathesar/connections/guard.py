"""Read-only means read-only: entries that the environment defines are changed there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mathesar.connections.errors import Conflict
from provisioner.findings import finding

_open: ContextVar[bool] = ContextVar("environment_entries_may_change", default=False)


class ReadOnlyDatabase(Conflict):
    """Somebody tried to change or delete an entry that the environment defines."""

    def __init__(self, name: str, variable: str) -> None:
        super().__init__(finding("entry-read-only", variable, name=name))
        self.variable = variable


@contextmanager
def changes_from_the_environment() -> Iterator[None]:
    """Let the reconciler and the status checker write; nothing else may enter here."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def is_open() -> bool:
    """Tell whether the reconciler or the status checker is at work in this context."""
    return _open.get()
