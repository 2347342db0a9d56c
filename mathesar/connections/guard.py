"""Read-only means read-only: entries that the environment defines are changed there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[bool] = ContextVar("environment_entries_may_change", default=False)


class ReadOnlyDatabase(Exception):
    """Somebody tried to change or delete an entry that the environment defines."""

    def __init__(self, name: str, variable: str) -> None:
        super().__init__(
            f"The database {name!r} is defined by the environment. "
            f"Change the variable {variable} and restart; it cannot be edited or deleted here."
        )
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
