"""Databases in other encodings than UTF-8, and those that never said in which."""

from __future__ import annotations

import psycopg
import pytest

from mathesar.explorer.catalog import Filter, overview_questions, read_overview
from mathesar.explorer.table import Request, look_at
from mathesar.explorer.transaction import looking
from tests.postgres import PostgresServer


def connect(site: PostgresServer, encoding: str) -> psycopg.Connection:
    """Return a connection to a new database in an encoding, itself in UTF-8."""
    name = f"explored_{encoding.lower()}"
    site.psql(f"DROP DATABASE IF EXISTS {name}")
    site.psql(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0")
    return psycopg.connect(site.url(name), autocommit=True, prepare_threshold=None, client_encoding="utf8")


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1252", "EUC_JP", "SQL_ASCII", "UTF8"])
def test_names_and_values(encoding: str, site: PostgresServer) -> None:
    text = "日本語" if encoding == "EUC_JP" else "Größe"
    with connect(site, encoding) as connection:
        connection.execute(f'CREATE TABLE "{text}" AS SELECT \'{text} %s\'::text AS "{text}", 1 AS id')
        with looking(connection) as look:
            seen = read_overview(look.ask(*overview_questions(Filter(text=text)), last=True))
        table = look_at(connection, Request(seen.relations[0].oid))
        assert table.relation.name == text
        assert table.page.rows[0][0].text == f"{text} %s"


def test_bytes_that_are_no_utf8(site: PostgresServer) -> None:
    with connect(site, "SQL_ASCII") as connection:
        connection.execute("CREATE TABLE old (t text)")
        connection.execute(b"INSERT INTO old VALUES (E'Gr\\xf6\\xdfe')")
        (row,) = connection.execute("SELECT 'old'::regclass::oid::bigint")
        table = look_at(connection, Request(row[0]))
        assert table.problem.finding.code == "MP655"
        assert connection.execute("SELECT 1").fetchone() == (1,)
