"""The managed PostgreSQL: what its roles may do, its limit, a rotation, a restart, and what its log holds."""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg
import pytest

from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.server import RESERVED, Privileges, Role, Server


def connect(server: Server, role: Role, **more: Any) -> psycopg.Connection[Any]:
    place = {"host": "127.0.0.1", "port": server.port, "user": role.name, "password": role.password}
    return psycopg.connect(**{**place, "dbname": role.dbname, "autocommit": True, "connect_timeout": 10, **more})


def may(server: Server, role: Role, statement: str) -> bool:
    with connect(server, role) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return False
        return True


@pytest.mark.parametrize(
    ("rights", "in_public", "new_schema", "new_database", "new_role", "file"),
    [
        (Privileges(), True, True, False, False, False),
        (Privileges(createdb=True), True, True, True, False, False),
        (Privileges(createrole=True), True, True, False, True, False),
        (Privileges(superuser=True), True, True, True, True, True),
        (Privileges(owner=False), True, True, False, False, False),
        (Privileges(owner=False, create_schemas=False), True, False, False, False, False),
        (Privileges(owner=False, create_schemas=False, create_in_public=False), False, False, False, False, False),
    ],
    ids=["owner", "createdb", "createrole", "superuser", "guest", "guest without schemas", "guest without anything"],
)
def test_privileges(server: Server, rights, in_public, new_schema, new_database, new_role, file):
    role = server.make_role("app", "app", rights)
    assert may(server, role, "CREATE TABLE public.t (n int)") == in_public
    assert may(server, role, "CREATE SCHEMA s") == new_schema
    assert may(server, role, "CREATE DATABASE another") == new_database
    assert may(server, role, "CREATE ROLE somebody") == new_role
    assert may(server, role, "SELECT pg_read_file('PG_VERSION')") == file
    assert may(server, role, "CREATE TEMPORARY TABLE t2 (n int)")


def test_names_may_be_anything(server: Server):
    role = server.make_role('ap"p-1', "My data's", Privileges())
    with connect(server, role) as connection:
        assert connection.info.user == 'ap"p-1'


@pytest.mark.parametrize(
    ("name", "dbname", "rights"),
    [
        ("postgres", "postgres", Privileges(superuser=True)),  # as Railway has it
        ("boats", "postgres", Privileges()),
        ("guest", "postgres", Privileges(owner=False)),
        ("rehearsal", "rehearsal", Privileges()),
    ],
)
def test_names_that_every_server_has(server: Server, name: str, dbname: str, rights: Privileges):
    role = server.make_role(name, dbname, rights)
    assert may(server, role, "CREATE TABLE public.t (n int)")
    assert may(server, role, "CREATE SCHEMA s")
    assert may(server, role, f'COMMENT ON DATABASE "{dbname}" IS NULL') == rights.owner
    with connect(server, server.rotate(role)) as connection:
        assert (connection.info.user, connection.info.dbname) == (name, dbname)


def test_a_rotation(server: Server):
    role = server.make_role("app", "app", Privileges())
    with connect(server, role) as old:
        fresh = server.rotate(role)
        assert (fresh.name, fresh.dbname) == (role.name, role.dbname)
        assert fresh.password != role.password
        with pytest.raises(psycopg.OperationalError):
            old.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server, role)
    connect(server, fresh).close()


def test_problems_are_told(server: Server):
    with pytest.raises(RuntimeError, match="does not exist"):
        server.admin("TABLE nowhere")
    with pytest.raises(OSError, match="does not exist"):
        server.admin("SELECT 1", dbname="nowhere")


def test_a_server_of_its_own_from_start_to_end():
    with Keeper() as keeper:
        server = Server(keeper, 5)
        server.start()
        role = server.make_role("app", "app", Privileges())
        assert server.version.split(".")[0].isdigit()

        with connect(server, role) as connection:
            connection.execute("CREATE TABLE t (n int)")
            connection.execute("INSERT INTO t VALUES (7)")
            with pytest.raises(psycopg.errors.SyntaxError):
                connection.execute("WRONG")

        with contextlib.ExitStack() as stack:
            # the platform's limit counts what it reserves; the rehearsal's own looks come on top
            for _ in range(server.limit):
                stack.enter_context(connect(server, role))
            with pytest.raises(psycopg.OperationalError, match=r"reserved|too many"):
                connect(server, role)
            assert server.admin("SELECT 1") == [(1,)]
        assert RESERVED == 3

        first = server.rotate(role)
        server.stop()
        with pytest.raises(OSError, match=r"refused"):
            server.admin("SELECT 1")
        server.launch()
        with connect(server, first) as connection:
            assert connection.execute("TABLE t").fetchall() == [(7,)]

        log = (keeper.folder / "postgres.log").read_text()
        assert "WRONG" in log
        for secret in (role.password, first.password, server._password):
            assert secret not in log
        held = [path for path in keeper.folder.rglob("*") if path.is_file()]
        assert held
        assert not any(server._password.encode() in path.read_bytes() for path in held)
        server.stop()


def test_data_that_is_not_there_is_told():
    with Keeper() as keeper:
        server = Server(keeper, 5)
        server.folder.mkdir()
        server._runner.give(server.folder)
        with pytest.raises(RuntimeError, match="PostgreSQL did not start"):
            server.launch()
