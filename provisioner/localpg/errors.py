"""What keeps the embedded PostgreSQL from starting.

EmbeddedError
├── BinariesMissing     no PostgreSQL server on this machine, or one that is too old
├── AccountUnusable     no ordinary account to run it as, or one that cannot reach the folders
├── VersionChanged      the data were written by another major version than the binaries at hand
└── ServerFailed        initdb or the server itself gave up; carries the end of its own log
"""

from __future__ import annotations


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do."""


class BinariesMissing(EmbeddedError):
    """There is no usable PostgreSQL server program."""


class AccountUnusable(EmbeddedError):
    """PostgreSQL refuses to run as root, and no other account will do."""


class VersionChanged(EmbeddedError):
    """Only the major version that wrote a data folder can open it; `written` is that, `present` what is at hand."""

    def __init__(self, text: str, *, written: str, present: str) -> None:
        super().__init__(text)
        self.written, self.present = written, present


class ServerFailed(EmbeddedError):
    """A PostgreSQL program ended with an error."""
