"""What keeps rows from being shown: each has a code, the right words, and leaves the connection usable and clean."""

from __future__ import annotations

import threading

import psycopg
import pytest

from mathesar.explorer.errors import BrowsingProblem, Subject, problem_of, words_of
from mathesar.explorer.table import Request, look_at
from mathesar.explorer.transaction import SETTINGS, looking


def code_of(connection: psycopg.Connection, oid: int, **changes) -> str:
    """Return the code of the problem with a table's rows."""
    table = look_at(connection, Request(oid, **changes))
    assert table.page is None
    assert table.problem is not None
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert connection.execute("SELECT 1").fetchone() == (1,)
    return table.problem.finding.code


def test_gone(connection, run, oid) -> None:
    run("CREATE TABLE things (n int)")
    number = oid("things")
    run("DROP TABLE things")
    for absent in (number, 0, 2**32 - 1):
        with pytest.raises(BrowsingProblem, match="MP651") as caught:
            look_at(connection, Request(absent))
        assert caught.value.status == 404


@pytest.mark.parametrize("name", ["pg_catalog.pg_authid", "pg_catalog.pg_stat_activity", "mathesar_internal.sessions"])
def test_tables_that_nobody_should_see_are_gone_even_by_number(name: str, connection, run, oid) -> None:
    run("CREATE SCHEMA mathesar_internal")
    run("CREATE TABLE mathesar_internal.sessions (n int)")
    with pytest.raises(BrowsingProblem, match="MP651"):
        look_at(connection, Request(oid(name)))


def test_indexes_sequences_and_types_are_no_tables(connection, run, oid) -> None:
    run("CREATE TABLE things (id serial PRIMARY KEY)")
    run("CREATE TYPE pair AS (a int)")
    for name in ("things_pkey", "things_id_seq", "pair"):
        with pytest.raises(BrowsingProblem, match="MP651"):
            look_at(connection, Request(oid(name)))


def test_a_table_that_is_dropped_between_the_two_questions(connection, run, oid) -> None:
    run("CREATE TABLE things (n int)")
    number = oid("things")

    def drop(order):
        run("DROP TABLE things")
        return ("(0,0)",)

    assert code_of(connection, number, after=drop) == "MP651"


def test_denied_with_the_grant_to_paste(reader, run, oid) -> None:
    run('CREATE SCHEMA "Sales %s"')
    run('CREATE TABLE "Sales %s"."or""ders" AS SELECT 1 AS n')
    number = oid('"Sales %s"."or""ders"')
    assert code_of(reader, number) == "MP652"
    problem = look_at(reader, Request(number)).problem
    assert problem.status == 403
    for statement in problem.grant.split(";")[:-1]:
        run(statement.strip())
    assert look_at(reader, Request(number)).page.rows[0][0].text == "1"


def test_what_may_be_read_of_a_table_is_shown(reader, run, oid) -> None:
    run("CREATE TABLE partly AS SELECT g AS n, 'x' AS secret FROM generate_series(1, 60) g")
    run("ALTER TABLE partly ADD PRIMARY KEY (n)")
    run("GRANT SELECT (n) ON partly TO explorer_reader")
    table = look_at(reader, Request(oid("partly")))
    assert [(each.name, each.readable) for each in table.columns] == [("n", True), ("secret", False)]
    assert len(table.page.rows[0]) == 1
    assert table.page.after == ("50",)
    run("ALTER TABLE partly DROP CONSTRAINT partly_pkey")
    assert look_at(reader, Request(oid("partly"))).page.after is None  # nor may it read where rows are


def test_a_view_whose_table_may_not_be_read(reader, run, oid) -> None:
    run("CREATE TABLE hidden AS SELECT 1 AS n")
    run("CREATE VIEW shown AS SELECT * FROM hidden")
    run("ALTER VIEW shown OWNER TO explorer_reader")
    assert code_of(reader, oid("shown")) == "MP652"


def test_row_level_security(reader, run, oid) -> None:
    run("CREATE TABLE rows AS SELECT g AS n FROM generate_series(1, 9) g")
    run("ALTER TABLE rows ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY few ON rows TO explorer_reader USING (n < 4)")
    run("GRANT SELECT ON rows TO explorer_reader")
    table = look_at(reader, Request(oid("rows"), count=True))
    assert table.relation.row_security
    assert [cell.text for (cell,) in table.page.rows] == ["1", "2", "3"]
    assert table.count == 3


def test_a_view_that_fails(connection, run, oid) -> None:
    run("CREATE VIEW broken AS SELECT 'a secret value'::text::int AS n")
    run("CREATE VIEW divided AS SELECT 1 / (g - 1) AS n FROM generate_series(1, 3) g")
    assert code_of(connection, oid("broken")) == "MP655"
    assert "secret value" not in str(look_at(connection, Request(oid("broken"))).problem)
    message = look_at(connection, Request(oid("divided"))).problem.finding.message
    assert message == "PostgreSQL could not read public.divided: division by zero (SQLSTATE 22012)."


def test_a_view_that_would_write(connection, run, oid) -> None:
    run("CREATE TABLE log (n int)")
    run("CREATE FUNCTION noted() RETURNS int LANGUAGE sql AS 'INSERT INTO log VALUES (1) RETURNING n'")
    run("CREATE VIEW noting AS SELECT noted() AS n")
    assert code_of(connection, oid("noting")) == "MP655"
    assert connection.execute("SELECT count(*) FROM log").fetchone() == (0,)


def test_locked_by_another(connection, server, dbname, run, oid) -> None:
    run("CREATE TABLE things (n int)")
    number = oid("things")
    with psycopg.connect(server.url(dbname)) as other:
        other.execute("ALTER TABLE things ADD COLUMN m int")
        assert code_of(connection, number) == "MP654"
        other.rollback()
    assert look_at(connection, Request(number)).problem is None


@pytest.mark.prove
def test_ten_seconds_are_enough(connection, run, oid) -> None:
    run("CREATE VIEW endless AS SELECT pg_sleep(3600)::text AS n")
    assert code_of(connection, oid("endless")) == "MP653"


def test_a_connection_that_is_lost(connection, run, oid) -> None:
    run("CREATE VIEW deadly AS SELECT pg_terminate_backend(pg_backend_pid()) AS n")
    table = look_at(connection, Request(oid("deadly")))
    assert table.problem.finding.code == "MP614"


def test_nothing_of_a_look_stays(connection, run, oid) -> None:
    run("CREATE TABLE things (n int)")
    show = "SELECT " + ", ".join(f"current_setting('{name}')" for name in (*SETTINGS, "transaction_read_only"))
    before = connection.execute(show).fetchone()
    seen = []
    with looking(connection):
        pass
    with looking(connection) as look:
        look.ask()
        seen.append(connection.execute(show).fetchone())
    look_at(connection, Request(oid("things")))
    assert connection.execute(show).fetchone() == before
    (inside,) = seen
    assert inside[-1] == "on"
    assert inside[:3] == ("10s", "2s", "15s")


def test_two_looks_at_once_do_not_meet(server, dbname, run, oid) -> None:
    run("CREATE TABLE things AS SELECT g AS n FROM generate_series(1, 60) g")
    number, found = oid("things"), []

    def look() -> None:
        with psycopg.connect(server.url(dbname), autocommit=True, prepare_threshold=None) as connection:
            found.extend(len(look_at(connection, Request(number)).page.rows) for _ in range(20))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [50] * 80


@pytest.mark.parametrize(("state", "words"), [("22012", "division by zero"), ("ZZ999", "an error of its own")])
def test_a_state_in_words(state: str, words: str) -> None:
    assert words_of(state) == words


def test_no_word_of_the_server_gets_out() -> None:
    error = psycopg.errors.DataError('invalid input syntax: "n0-such-pw"')
    assert "n0-such-pw" not in str(problem_of(error, Subject(), lost=False))
