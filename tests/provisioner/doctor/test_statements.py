"""Statements that are pasted: names stay names, and nothing that a server says moves the cursor."""

from __future__ import annotations

import psycopg
import pytest

from provisioner.doctor.statements import grant_create_on_database, identifier, shown
from tests.postgres import PASSWORD, SUPERUSER, PostgresServer

NAMES = ["plain", "With Space", 'a"b', "a;b--", "Ünïcode", "a\nb", "\x1b[2J", "back\\slash\t", 'U&"x', "100%s"]


@pytest.mark.parametrize("name", NAMES)
def test_the_server_reads_the_same_name(server: PostgresServer, name: str) -> None:
    with psycopg.connect(
        host=str(server.folder), port=server.port, user=SUPERUSER, password=PASSWORD, dbname="postgres"
    ) as connection:
        cursor = connection.execute(f"SELECT 1 AS {identifier(name)}".encode())
        assert cursor.description is not None
        assert cursor.description[0].name == name
    assert identifier(name).isprintable()


def test_one_line_whatever_the_names() -> None:
    assert (
        grant_create_on_database("a\nb", "c;\r\n")
        == 'GRANT CREATE ON DATABASE U&"a\\+00000Ab" TO U&"c;\\+00000D\\+00000A";'
    )
    assert shown("a\x1b[2J\nb") == "a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}b"
