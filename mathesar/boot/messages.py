"""The errors that stop a start-up; their messages stand in the provisioner's catalogue as MP5xx.

BootError               start-up stops; carries findings
├── LockLost            the connection that held the start-up lock is gone; the locked work is done again
"""

from __future__ import annotations

from provisioner.findings import Finding, finding


class BootError(Exception):
    """Start-up stops; `findings` says why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*(str(each) for each in findings))
        self.findings = findings


class LockLost(BootError):
    """The connection that held the start-up lock is gone, and so is the lock."""


def failure(kind: str, variable: str, *, platform: str | None = None, **details: str) -> BootError:
    """Return the error of one kind, ready to raise; `details` fill its sentences and must be safe to show."""
    return BootError(finding(kind, variable, platform=platform, **details))
