"""The backend that settings name: `ENGINE = "mathesar.database"`."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe

from mathesar.database.connection import InternalConnection, InternalCursor


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, connecting through `InternalConnection`, with or without the pool."""

    _connection_pools: dict[str, Any] = {}  # noqa: RUF012 - Django's own class attribute, kept apart from its own

    def get_connection_params(self) -> dict[str, Any]:
        """Return what is not in the plan: adapters, cursor, encoding. No credential passes through here."""
        parameters = super().get_connection_params()
        for name in ("dbname", "user", "password", "host", "port"):
            parameters.pop(name, None)
        return {**parameters, "cursor_factory": InternalCursor, "prepare_threshold": None}

    @property
    def pool(self) -> Any:
        """Return the pool of this process, or None when settings ask for none."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self.alias == base.NO_DB_ALIAS:
            return None
        found = self._connection_pools.get(self.alias)
        if found is None:
            from psycopg_pool import ConnectionPool

            last_drain = 0.0

            def check(connection: InternalConnection) -> None:
                """Test a connection before use; where one is dead, so are those opened before it was seen."""
                nonlocal last_drain
                try:
                    ConnectionPool.check_connection(connection)
                except psycopg.Error:
                    # The pool would try them one by one, each after twice the pause of the one before.
                    if connection.opened_at > last_drain:
                        last_drain = time.monotonic()
                        made.drain()
                    raise

            made = ConnectionPool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                connection_class=InternalConnection,
                open=False,
                configure=self._configure_connection,
                check=check if self.settings_dict["CONN_HEALTH_CHECKS"] else None,
                **options,
            )
            found = self._connection_pools.setdefault(self.alias, made)
        return found

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection from the pool, or open one."""
        pool = self.pool
        if pool is None:
            self.isolation_level = base.IsolationLevel.READ_COMMITTED
            return InternalConnection.connect(**conn_params)
        return super().get_new_connection(conn_params)

    def _configure_connection(self, connection: Any) -> bool:
        """Set what lasts for a session; behind a pooler nothing may, each transaction sets its own."""
        if getattr(connection, "sets_path_locally", False):
            return False
        return bool(super()._configure_connection(connection))
