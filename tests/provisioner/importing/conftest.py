"""The one PostgreSQL server of a test run."""

from __future__ import annotations

from tests.mathesar.conftest import server

__all__ = ["server"]
