"""The overview: what is listed, what is locked, what is never shown; estimates; filter and pages."""

from __future__ import annotations

from mathesar.explorer.catalog import PAGE, Filter, Overview, overview_questions, read_overview
from mathesar.explorer.columns import columns_question, read_columns
from mathesar.explorer.table import Request, look_at
from mathesar.explorer.transaction import looking


def overview(connection, **chosen) -> Overview:
    with looking(connection) as look:
        return read_overview(look.ask(*overview_questions(Filter(**chosen)), last=True))


def test_every_kind_with_comment_and_estimate(connection, run) -> None:
    run("CREATE TABLE counted AS SELECT generate_series(1, 1234) AS n")
    run("CREATE TABLE emptied AS SELECT 1 AS n")
    run("DELETE FROM emptied")
    run("VACUUM ANALYZE")
    run("CREATE TABLE fresh (n int)")
    run("CREATE VIEW seen AS SELECT 1 AS n")
    run("CREATE MATERIALIZED VIEW kept AS SELECT 1 AS n")
    run("CREATE FOREIGN DATA WRAPPER nothing")
    run("CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing")
    run("CREATE FOREIGN TABLE far (n int) SERVER nowhere")
    run("CREATE TABLE parted (n int) PARTITION BY LIST (n)")
    run("CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)")
    run("CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2)")
    run("INSERT INTO parted SELECT 1 + g % 2 FROM generate_series(1, 80) g")
    run("ANALYZE parted_1")
    run("COMMENT ON TABLE counted IS 'Those that were counted'")
    run("COMMENT ON SCHEMA public IS 'Ours'")
    seen = overview(connection)
    assert seen.role == "postgres"
    assert [(schema.name, schema.comment, schema.tables) for schema in seen.schemas] == [("public", "Ours", 7)]
    found = {each.name: (each.kind, each.estimate, each.comment, each.partitions) for each in seen.relations}
    assert found == {
        "counted": ("table", 1234, "Those that were counted", 0),
        "emptied": ("table", 0, "", 0),
        "fresh": ("table", None, "", 0),
        "seen": ("view", None, "", 0),
        "kept": ("materialized view", None, "", 0),
        "far": ("foreign table", None, "", 0),
        "parted": ("partitioned table", None, "", 2),
    }
    assert {each.name: each.size for each in seen.relations} == {
        "counted": "about 1,230 rows", "emptied": "about 0 rows", "fresh": "rows not counted yet", "seen": "",
        "kept": "rows not counted yet", "far": "rows not counted yet", "parted": "rows not counted yet",
    }  # fmt: skip
    run("ANALYZE parted_2")
    assert {each.name: each.estimate for each in overview(connection).relations}["parted"] == 80


def test_what_a_role_may_not_read_is_locked_and_not_hidden(reader, run) -> None:
    run("CREATE SCHEMA closed")
    run("CREATE TABLE closed.inside AS SELECT 1 AS n")
    run("GRANT SELECT ON closed.inside TO explorer_reader")
    run("CREATE TABLE forbidden AS SELECT 1 AS n")
    run("CREATE TABLE allowed AS SELECT 1 AS n")
    run("GRANT SELECT ON allowed TO explorer_reader")
    run("CREATE TABLE partly AS SELECT 1 AS n, 2 AS secret")
    run("GRANT SELECT (n) ON partly TO explorer_reader")
    seen = overview(reader)
    assert seen.role == "explorer_reader"
    assert {each.name: each.readable for each in seen.relations} == {
        "inside": False, "forbidden": False, "allowed": True, "partly": True,
    }  # fmt: skip


def test_the_servers_own_and_mathesars_own_are_never_shown(connection, run, oid) -> None:
    run("CREATE SCHEMA mathesar_internal")
    run("CREATE TABLE mathesar_internal.django_session AS SELECT 'key' AS session_key")
    run("CREATE TEMPORARY TABLE passing AS SELECT 1 AS n")
    assert overview(connection).relations == ()
    assert [schema.name for schema in overview(connection).schemas] == ["public"]


def test_filter_and_pages_over_thousands_of_tables(connection, run) -> None:
    run("CREATE SCHEMA other")
    run(
        "DO $$ BEGIN FOR g IN 1..450 LOOP EXECUTE format('CREATE TABLE %s.%I ()', "
        "CASE WHEN g % 3 = 0 THEN 'other' ELSE 'public' END, 'Table_' || g || '%'); END LOOP; END $$"
    )
    found, after = [], None
    for _ in range(3):
        page = overview(connection, after=after)
        found += [(each.schema, each.name) for each in page.relations]
        assert page.found == 450
        after = page.after
    assert after is None
    assert len(found) == len(set(found)) == 450
    assert found == sorted(found)
    assert len(overview(connection).relations) == PAGE
    assert [each.name for each in overview(connection, text="TABLE_44%").relations] == ["Table_44%"]
    assert overview(connection, text="nothing").relations == ()
    (other, _) = page.schemas
    assert overview(connection, schema=other.oid).found == 150
    assert overview(connection, schema=other.oid, text="_9").found == 5


def test_columns(connection, run, oid) -> None:
    run("CREATE TABLE other (id int PRIMARY KEY)")
    run(
        "CREATE TABLE things (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a varchar(9) UNIQUE DEFAULT 'x', "
        "b int NOT NULL REFERENCES other, c numeric(9, 2)[] , d int GENERATED ALWAYS AS (b * 2) STORED)"
    )
    run("COMMENT ON COLUMN things.a IS 'Said'")
    columns = look_at(connection, Request(oid("things"))).columns
    found = [(each.name, each.type, each.nullable, each.default, each.keys, each.comment) for each in columns]
    assert found == [
        ("id", "integer", False, "counts up by itself", ("primary key",), ""),
        ("a", "character varying(9)", True, "'x'::character varying", ("unique",), "Said"),
        ("b", "integer", False, "", ("references other",), ""),
        ("c", "numeric(9,2)[]", True, "", (), ""),
        ("d", "integer", True, "generated: (b * 2)", (), ""),
    ]
    with looking(connection) as look:
        (brief,) = look.ask(columns_question(oid("things"), 2, brief=True), last=True)
    assert [(each.name, each.family) for each in read_columns(brief)] == [
        (each.name, each.family) for each in columns[2:]
    ]
