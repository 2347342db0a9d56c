"""Editing, adding and deleting one row by forms: what is written, and that nothing else is."""

from __future__ import annotations

import pytest

from mathesar.explorer.attempt import Place, digest_of
from mathesar.explorer.edit_row import find, save
from mathesar.explorer.values import LONGEST, seen_of, token_of
from tests.mathesar.explorer.test_hostile import NAMES
from tests.mathesar.explorer.test_types import TYPES, VALUES

PEOPLE = """
CREATE TABLE people (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, city text,
    active boolean, age integer, mood mood DEFAULT 'fine', doubled integer GENERATED ALWAYS AS (age * 2) STORED);
INSERT INTO people (name, city, active, age) VALUES ('Ada', NULL, true, 36), ('Grace', '', NULL, 85);
"""


@pytest.fixture
def people(run, oid) -> int:
    """Give the number of a table with two people."""
    run("CREATE TYPE mood AS ENUM ('so-so', 'fine')")
    run(PEOPLE)
    return oid("people")


def test_a_value_is_changed_and_no_other(form, connection, people) -> None:
    forms = form()
    first, _ = forms.links(people)
    before = connection.execute("SELECT xmin::text FROM people WHERE id = 2").fetchone()
    response = forms.send(first, v2="Ada <Lovelace> & %s 'x' \\", v4="=false", v5="37", v6="=so-so")
    assert response.status_code == 302
    assert "said=saved" in response.headers["Location"]
    assert "The row was saved." in forms.get(response.headers["Location"]).content.decode()
    row = connection.execute("SELECT name, city, active, age, mood::text, doubled FROM people WHERE id = 1").fetchone()
    assert row == ("Ada <Lovelace> & %s 'x' \\", None, False, 37, "so-so", 74)
    assert connection.execute("SELECT xmin::text FROM people WHERE id = 2").fetchone() == before


def test_nothing_changed_writes_nothing(form, connection, people) -> None:
    forms = form()
    before = connection.execute("SELECT xmin::text FROM people ORDER BY id").fetchall()
    for link in forms.links(people):
        assert "said=unchanged" in forms.send(link).headers["Location"]
    assert connection.execute("SELECT xmin::text FROM people ORDER BY id").fetchall() == before


def test_null_and_empty_are_two_things(form, connection, people) -> None:
    forms = form()
    first, second = forms.links(people)
    assert forms.data(first)["n3"] == "on"
    assert "n3" not in forms.data(second)
    forms.send(first, drop=("n3",))
    forms.send(second, n3="on")
    assert connection.execute("SELECT city FROM people ORDER BY id").fetchall() == [("",), (None,)]
    forms.send(second, v3="typed, and the box forgotten", v4="null")
    assert connection.execute("SELECT city FROM people WHERE id = 2").fetchone() == ("typed, and the box forgotten",)
    forms.send(second, n3="on")
    forms.send(first, v4="null")
    assert connection.execute("SELECT city FROM people WHERE id = 2").fetchone() == (None,)
    assert connection.execute("SELECT active FROM people WHERE id = 1").fetchone() == (None,)


def test_computed_columns_are_shown_and_never_sent(form, people) -> None:
    forms = form()
    page = forms.get(forms.links(people)[0]).content.decode()
    assert {"v1", "v7"}.isdisjoint(forms.data(forms.links(people)[0]))
    assert "PostgreSQL counts it up by itself." in page
    assert "PostgreSQL computes it from other columns." in page
    assert forms.send(forms.links(people)[0], v1="9", v7="9").headers["Location"].endswith("said=unchanged")


def test_a_row_is_added(form, connection, people) -> None:
    forms = form()
    assert f"{people}/rows/add" in forms.get(f"{people}/").content.decode()
    response = forms.send(f"{people}/rows/add", v2="Linus")
    assert response.headers["Location"].endswith("said=added")
    row = connection.execute("SELECT id, name, city, active, age, mood::text FROM people WHERE id = 3").fetchone()
    assert row == (3, "Linus", None, None, None, "fine")
    forms.send(f"{people}/rows/add", v2="Ken", v3="Murray Hill", v4="=true", v5="7", v6="null")
    row = connection.execute("SELECT name, city, active, age, mood::text FROM people WHERE id = 4").fetchone()
    assert row == ("Ken", "Murray Hill", True, 7, None)


def test_defaults_null_and_nothing_in_a_new_row(form, connection, run, oid) -> None:
    run("CREATE TABLE notes (id serial PRIMARY KEY, a text DEFAULT 'given', b text DEFAULT 'x', c text DEFAULT 'y')")
    forms = form()
    forms.send(f"{oid('notes')}/rows/add", n3="on", drop=("d4",))
    assert connection.execute("SELECT id, a, b, c FROM notes").fetchall() == [(1, "given", None, "")]
    run("CREATE TABLE counters (id serial PRIMARY KEY)")
    forms.send(f"{oid('counters')}/rows/add")
    assert connection.execute("SELECT id FROM counters").fetchall() == [(1,)]


def test_a_row_is_deleted_after_a_question(form, connection, people) -> None:
    forms = form()
    link = forms.links(people)[0].replace("/edit", "/delete")
    page = forms.get(link).content.decode()
    assert "Delete this row" in page
    assert "Ada" in page
    assert connection.execute("SELECT count(*) FROM people").fetchone() == (2,)
    assert forms.send(link).headers["Location"].endswith("said=deleted")
    assert connection.execute("SELECT name FROM people").fetchall() == [("Grace",)]


def test_names_of_any_characters(form, connection, run, oid) -> None:
    from psycopg import sql

    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in NAMES)
    name = 'Sch"ema %s\n'
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    for table in ('%s"; --', "{0}\n", "plain"):
        place = sql.Identifier(name, table)
        connection.execute(sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}, {}))").format(
            place, columns, sql.Identifier(NAMES[4]), sql.Identifier(NAMES[2])))  # fmt: skip
        number = oid(place.as_string())
        forms = form()
        values = {f"v{n}": f"value of {each}" for n, each in enumerate(NAMES, 1)}
        assert forms.send(f"{number}/rows/add", **values).status_code == 302
        (link,) = forms.links(number)
        assert forms.send(link, **{f"v{n}": f"{n}'s" for n in range(1, len(NAMES) + 1)}).status_code == 302
        row = connection.execute(sql.SQL("SELECT * FROM {}").format(place)).fetchone()
        assert row == tuple(f"{n}'s" for n in range(1, len(NAMES) + 1))
        assert forms.send(forms.links(number)[0].replace("/edit", "/delete")).status_code == 302


def test_each_type_goes_out_and_comes_back(connection, run, oid) -> None:
    for statement in TYPES.strip().splitlines():
        run(statement)
    skipped = {"regclass", "regtype", "regprocedure"}
    chosen = [each for each in VALUES if each[0] not in skipped]
    columns = ", ".join(f"c{n} {kind}" for n, (kind, _, _) in enumerate(chosen))
    run(f"CREATE TABLE everything (id int PRIMARY KEY, {columns})")
    run(f"INSERT INTO everything SELECT 1, {', '.join(value for _, value, _ in chosen)}")
    blank = ", ".join("'a'" if kind == "shorter" else "NULL" for kind, _, _ in chosen)
    run(f"INSERT INTO everything SELECT 2, {blank}")
    number = oid("everything")
    place = Place(number, 0, ("1",), digest_of(["id"]))
    full = find(connection, place)
    empty = find(connection, Place(number, 0, ("2",), digest_of(["id"])))
    seen = seen_of(empty.values, empty.fields)
    post = {f"v{n}": value.text for n, value in full.values.items() if value.text is not None and n > 1}
    post = {n: f"={text}" if text in ("so-so", "true") else text for n, text in post.items()}
    result = save(connection, Place(number, 0, ("2",), digest_of(["id"])), seen, post)
    assert result.problem is None, (result.problem, result.faults)
    assert result.saved
    again = find(connection, Place(number, 0, ("2",), digest_of(["id"])))
    for field in again.fields[1:]:
        if not field.why_not_update and post.get(f"v{field.number}"):
            assert again.values[field.number] == full.values[field.number], field


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("text", ["a/b?c#d%2F", "é 🦊\n", "'; --", "", " ", "x" * 900]),
        ("uuid", ["6f2f1d0e-0000-4000-8000-000000000000"]),
        ("numeric", ["1.50", "NaN"]),
        ("double precision", ["0.30000000000000004", "-Infinity"]),
        ("character(9)", ["ab  "]),
        ("timestamptz", ["2026-01-01 12:00:00.123456+00"]),
        ("integer[]", ["{1,2}"]),
        ("inet", ["10.0.0.1", "fe80::1/64"]),
        ("bytea", ["\\x00ff"]),
        ("short", ["ab"]),
        ("mood", ["fine"]),
    ],
)
def test_keys_of_each_kind_with_odd_characters(form, connection, run, oid, kind: str, keys: list[str]) -> None:
    for statement in TYPES.strip().splitlines():
        run(statement)
    connection.execute(f'CREATE TABLE keyed ("the %s key" {kind}, n int, v int, PRIMARY KEY (n, "the %s key"))')
    for key in keys:
        connection.execute(b"INSERT INTO keyed VALUES (%s, 1, 0), (%s, 2, 0)", (key, key))
    forms = form()
    links = forms.links(oid("keyed"))
    assert len(links) == 2 * len(keys)
    for link in links:
        assert "/rows/v1." in link
        assert forms.send(link, v3="5").status_code == 302
        assert connection.execute("SELECT count(*) FROM keyed WHERE v = 5").fetchone() == (1,)
        connection.execute("UPDATE keyed SET v = 0")


def test_a_key_itself_can_be_changed(form, connection, run, oid) -> None:
    run("CREATE TABLE things (code text PRIMARY KEY)")
    run("INSERT INTO things VALUES ('a'), ('b')")
    forms = form()
    assert forms.send(forms.links(oid("things"))[0], v1="c").status_code == 302
    assert connection.execute("SELECT code FROM things ORDER BY 1").fetchall() == [("b",), ("c",)]


def test_line_breaks_stay_what_they_were(form, connection, run, oid) -> None:
    run("CREATE TABLE texts (id int PRIMARY KEY, t text)")
    run("INSERT INTO texts VALUES (1, E'\\n a\\nb'), (2, E'a\\r\\nb\\r\\n'), (3, E'a\\rb'), "
        "(4, E'one\\r\\ntwo\\nthree')")  # fmt: skip
    forms = form()
    links = forms.links(oid("texts"))
    for link in links:
        assert "said=unchanged" in forms.send(link).headers["Location"]
    for link in links:
        forms.send(link, v2=forms.data(link)["v2"] + "c\n")
    rows = connection.execute("SELECT t FROM texts ORDER BY id").fetchall()
    assert rows == [("\n a\nbc\n",), ("a\r\nb\r\nc\r\n",), ("a\rbc\r",), ("one\r\ntwo\nthreec\r\n",)]


def test_arrays_keep_line_breaks_and_nulls(form, site, dbname, connection, run, oid) -> None:
    site.create_role("explorer_lists", "lists")
    run("CREATE TABLE lists (id int PRIMARY KEY, t text[])")
    run("INSERT INTO lists VALUES (1, ARRAY[E'a\\rb', NULL, 'c'])")
    run("GRANT SELECT, UPDATE ON lists TO explorer_lists")
    run("ALTER ROLE explorer_lists SET array_nulls = off")
    forms = form(site.url(dbname, user="explorer_lists", password="lists"))
    (link,) = forms.links(oid("lists"))
    assert forms.send(link, v2=forms.data(link)["v2"].replace("c}", "d}")).status_code == 302
    assert connection.execute("SELECT t FROM lists").fetchone() == (["a\rb", None, "d"],)


def test_long_values_are_whole_or_left_alone(form, connection, run, oid) -> None:
    run("CREATE TABLE texts (id int PRIMARY KEY, t text, n int, b bytea)")
    run(f"INSERT INTO texts VALUES (1, repeat('é', {LONGEST // 2})), (2, repeat('é', {LONGEST // 2 + 1}))")
    run("UPDATE texts SET b = '\\x00ff'")
    forms = form()
    first, second = forms.links(oid("texts"))
    assert forms.data(first)["v2"] == "é" * (LONGEST // 2)
    assert "said=unchanged" in forms.send(first).headers["Location"]
    assert "Too long to be edited here" in forms.get(second).content.decode()
    assert "v2" not in forms.data(second)
    assert forms.send(second, v3="7", v2="smuggled").status_code == 302
    assert connection.execute("SELECT length(t), n, b FROM texts WHERE id = 2").fetchone() == (
        LONGEST // 2 + 1, 7, b"\0\xff",
    )  # fmt: skip
    assert token_of("a\r\nb") == token_of("a\nb") != token_of("a b")


def test_the_limit_is_what_its_words_say(form, connection, run, oid) -> None:
    run("CREATE TABLE texts (id int PRIMARY KEY, t text, u text); ALTER TABLE texts ALTER t SET STORAGE EXTERNAL")
    # EXTERNAL keeps a text as it is: what PostgreSQL stores is as long as the text, and has a header where it is short.
    run(f"INSERT INTO texts SELECT n, repeat('x', {LONGEST} + n), 'u' FROM generate_series(-29600, 1, 29600) n")
    run(f"INSERT INTO texts VALUES (2, repeat('x', {LONGEST} + 1), 'u'), (3, 'x', 'u')")
    forms = form()
    links = forms.links(oid("texts"))
    shown = {forms.data(link)["v1"]: "v2" in forms.data(link) for link in links}
    assert shown == {"-29600": True, "0": True, "2": False, "3": True}
    assert "more than 100 kB as text, or as stored" in forms.get(links[2]).content.decode()
    assert forms.send(links[0], v2="x" * 99_000 + "y").status_code == 302
    assert connection.execute("SELECT length(t) FROM texts WHERE id = -29600").fetchone() == (99_001,)


def test_partitions_and_wide_tables(form, connection, run, oid) -> None:
    run("CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)")
    run("CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM (0) TO (10)")
    run("CREATE TABLE parts_b PARTITION OF parts FOR VALUES FROM (10) TO (20)")
    run("INSERT INTO parts VALUES (1, 'x')")
    forms = form()
    assert forms.send(forms.links(oid("parts"))[0], v1="11", v2="y").status_code == 302
    assert connection.execute("SELECT * FROM parts_b").fetchall() == [(11, "y")]
    run(f"CREATE TABLE wide (id int PRIMARY KEY, {', '.join(f'c{n} int' for n in range(250))})")
    run("INSERT INTO wide (id) VALUES (1)")
    number = oid("wide")
    page = forms.get(f"{number}/?columns=200").content.decode()
    link = page.partition('<td class="row-link"><a href="')[2].partition('"')[0]
    assert link.endswith("?columns=200")
    forms.send(link, v251="7")
    assert connection.execute("SELECT c249, c0 FROM wide").fetchone() == (7, None)
