"""What can go wrong with a connection, each with findings that pages, API and commands show alike.

ConnectionProblem           carries findings and an HTTP status
├── InvalidFields           422: what was typed cannot be used; a finding for each field
├── TestFailed              422: the database cannot be used so
├── Conflict                409: another row, version or owner stands in the way
│   └── ReadOnlyDatabase    409: the environment defines it (see guard)
├── NotFound                404
└── ConnectionRefused       503: an existing connection cannot be opened now
"""

from __future__ import annotations

from provisioner.findings import Finding, finding


class ConnectionProblem(Exception):
    """Why something could not be done; no secret and no word of a server is in it."""

    status = 500

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(f"{each} {each.hint}" for each in self.findings)

    @property
    def finding(self) -> Finding:
        """The decisive one."""
        return self.findings[0]


class InvalidFields(ConnectionProblem):
    """What was typed cannot be used; each finding's `variable` is the field's name."""

    status = 422


class TestFailed(ConnectionProblem):
    """The database cannot be used so; nothing was stored."""

    status = 422
    __test__ = False  # not a test class, whatever its name looks like to a test runner


class Conflict(ConnectionProblem):
    """Another row, version or owner stands in the way."""

    status = 409


class NotFound(ConnectionProblem):
    """There is no such database."""

    status = 404


class ConnectionRefused(ConnectionProblem):
    """An existing connection cannot be opened now."""

    status = 503


def live(code: str, field: str = "host", *, platform: str | None = None, what: str = "") -> Finding:
    """Return the finding for a code of `provisioner.connecting.ConnectFailed`."""
    fields = {"auth": "password", "cleartext": "password", "no-database": "dbname", "tls": "sslmode"}
    return finding(f"live-{code}", fields.get(code, field), platform=platform, what=what)
