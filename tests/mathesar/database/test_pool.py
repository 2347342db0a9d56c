"""The pool of the internal database when every connection it holds has died."""

from __future__ import annotations

import threading

import pytest

from tests.mathesar.site import INTERNAL
from tests.postgres import PostgresServer


def fill(pool_size: int) -> None:
    """Leave as many open connections in the pool as it may hold."""
    from django.db import connection

    together = threading.Barrier(pool_size)

    def use() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            together.wait(30)
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(pool_size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("clients", [1, 8])
def test_the_server_dropped_every_connection(site: PostgresServer, plan, clients: int) -> None:
    from django.db import connection

    connection.close()
    for _ in range(3):
        fill(plan.pool_size)
        killed = site.psql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE datname = '{INTERNAL}' AND pid <> pg_backend_pid()"
        )
        assert int(str(killed[0][0])) >= plan.pool_size
        failures: list[Exception] = []

        def ask(failures: list[Exception] = failures) -> None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
