"""The one PostgreSQL server of the tests that run a platform's environment."""

from __future__ import annotations

from tests.system.conftest import address, server, sslmode

__all__ = ["address", "server", "sslmode"]
