"""The one PostgreSQL server and the one Django of a test run."""

from __future__ import annotations

from tests.mathesar.conftest import plan, server, site

__all__ = ["plan", "server", "site"]
