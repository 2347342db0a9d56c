"""The SQL itself: what it says that it makes is what it makes, every object has a comment, and nothing is risky."""

from __future__ import annotations

import pytest

from mathesar.dbschema import install
from mathesar.dbschema.record import Record, parse
from mathesar.dbschema.shipped import FOLDER, shipped
from mathesar.dbschema.state import read
from tests.mathesar.dbschema.databases import CREATOR, run

FILES = sorted(FOLDER.rglob("*.sql"))


@pytest.mark.parametrize("types_only", [False, True])
def test_what_it_makes_is_known(opened, types_only):
    connection = opened(CREATOR)
    install(connection, types_only=types_only)
    found = read(connection)
    made = shipped().makes(types_only=types_only)
    assert {key: each.signature for key, each in found.objects.items()} == made
    assert len(made) > 10
    assert isinstance(found.record, Record)
    assert found.record.objects == set(made)


def test_every_object_has_a_comment(opened):
    connection = opened(CREATOR)
    install(connection)
    inside = """
        SELECT pg_identify_object(d.classid, d.objid, d.objsubid)::text FROM pg_depend d
        WHERE refclassid = 'pg_namespace'::regclass AND refobjid::regnamespace::text IN ('msar', 'mathesar_types')
            AND deptype = 'n' AND obj_description(d.objid, d.classid::regclass::name) IS NULL
            AND d.classid <> 'pg_class'::regclass
        UNION ALL SELECT nspname FROM pg_namespace
        WHERE nspname IN ('msar', 'mathesar_types') AND obj_description(oid, 'pg_namespace') IS NULL
        UNION ALL SELECT conname FROM pg_constraint
        WHERE connamespace = 'mathesar_types'::regnamespace AND obj_description(oid, 'pg_constraint') IS NULL
        UNION ALL SELECT castfunc::regproc::text FROM pg_cast WHERE oid >= 16384
            AND obj_description(oid, 'pg_cast') IS NULL
    """
    assert run(connection, inside) == []


def test_functions_have_no_rights_of_their_own_and_a_fixed_search_path(opened):
    connection = opened(CREATOR)
    install(connection)
    functions = run(
        connection,
        "SELECT proname, prosecdef, proconfig, position('\\' IN prosrc) FROM pg_proc"
        " WHERE pronamespace::regnamespace::text IN ('msar', 'mathesar_types')",
    )
    assert len(functions) > 10
    for name, definer, settings, backslash in functions:
        assert not definer, name
        assert settings == ["search_path=pg_catalog, pg_temp"], name
        assert backslash == 0, name  # its meaning depends on a setting of the session


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_sql_is_plain(file):
    text = file.read_text("utf-8")
    assert text.isascii()  # databases have other encodings
    assert "SECURITY DEFINER" not in text
    assert "DROP TYPE" not in text


@pytest.mark.parametrize(
    "body",
    [
        None, "", "SELECT 1", "SELECT '{}'::jsonb", "SELECT '{\"mathesar_schema\": 1}'::jsonb", "SELECT '{'::jsonb",
        "SELECT '{\"mathesar_schema\": 2, \"version\": \"3\"}'::jsonb",
        "SELECT '{\"mathesar_schema\": 1, \"version\": \"3\", \"types_only\": 0, \"source\": \"\", \"checksum\": \"\","
        " \"objects\": 3}'::jsonb",
    ],
)  # fmt: skip
def test_what_we_did_not_write_is_no_record(body):
    assert parse(body) is None


def test_a_record_is_read_as_it_was_written():
    record = Record("1.0", True, "a", "b", frozenset({"domain mathesar_types.email", "function msar.version()"}))
    assert parse(record.body()) == record


@pytest.mark.parametrize(
    "key",
    ['function msar."$do$; DROP TABLE a"()', "function msar.a(); DROP TABLE a", "routine msar.a()", "table msar.a"],
)
def test_a_record_cannot_smuggle_statements(key):
    assert parse(Record("1.0", True, "a", "b", frozenset({key})).body()) is None
