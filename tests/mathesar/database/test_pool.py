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


def counted(site: PostgresServer, what: str) -> int:
    """Count this for every connection to the internal database."""
    rows = site.psql(
        f"SELECT count({what}) FROM pg_stat_activity WHERE datname = '{INTERNAL}' AND pid <> pg_backend_pid()"
    )
    return int(str(rows[0][0]))


@pytest.mark.parametrize("clients", [1, 8])
def test_the_server_dropped_every_connection(site: PostgresServer, plan, clients: int) -> None:
    from django.db import connection

    connection.close()
    for _ in range(3):
        # A pool that is still throwing out what died before keeps fewer at first.
        while counted(site, "pid") < plan.pool_size:
            fill(plan.pool_size)
        assert counted(site, "pg_terminate_backend(pid)") >= plan.pool_size
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
