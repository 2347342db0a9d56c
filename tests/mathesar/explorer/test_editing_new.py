"""New rows: what nobody fills in is left to the database, and nothing is made up for it."""

from __future__ import annotations

import re

from tests.mathesar.explorer.conftest import fields_of


def test_a_domain_has_a_default_too(form, connection, run, oid) -> None:
    run("CREATE DOMAIN code AS text DEFAULT 'x' || 1; CREATE DOMAIN must AS int NOT NULL DEFAULT 7")
    run("CREATE TABLE coded (id serial PRIMARY KEY, a code, b must, c code DEFAULT 'own', d code DEFAULT NULL)")
    forms = form()
    path = f"{oid('coded')}/rows/add"
    assert {"d2", "d3", "d4", "d5"} <= set(forms.data(path))
    assert forms.send(path).status_code == 302
    assert forms.send(path, v2="typed", v3="8", n4="on", drop=("d4",)).status_code == 302
    rows = connection.execute("SELECT a, b, c, d FROM coded ORDER BY id").fetchall()
    assert rows == [("x1", 7, "own", None), ("typed", 8, None, None)]


def test_nothing_is_made_up_for_what_nobody_filled_in(form, connection, run, oid) -> None:
    run("CREATE EXTENSION citext")
    run("CREATE DOMAIN must AS text NOT NULL")
    run("CREATE TABLE filled (id serial PRIMARY KEY, a text NOT NULL, b varchar(9) NOT NULL, n int NOT NULL, c must, "
        "d citext NOT NULL, e boolean NOT NULL, f text)")  # fmt: skip
    forms = form()
    path = f"{oid('filled')}/rows/add"
    response = forms.send(path)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("MP681") == 7
    assert "6 fields need another value" in page
    boxes = set(re.findall(r'name="(e\d)"', page))
    assert boxes == {"e2", "e3", "e5", "e6"}
    page = forms.send(path, v2="a", v4="twelve").content.decode()
    assert page.count('aria-invalid="true"') == 5
    assert fields_of(page)["v2"] == "a"
    again = fields_of(page) | {"e2": "on", "v3": "b", "v4": "12", "e5": "on", "v6": "typed", "e6": "on", "v7": "=false"}
    assert forms.post(path, again).status_code == 302
    row = connection.execute("SELECT a, b, n, c, d::text, e, f FROM filled").fetchall()
    assert row == [("a", "b", 12, "", "typed", False, None)]


def test_a_trigger_may_fill_in_what_must_have_a_value(form, connection, run, oid) -> None:
    run("CREATE TABLE stamped (id serial PRIMARY KEY, who text NOT NULL)")
    run("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.who := coalesce(NEW.who, 'me'); RETURN NEW; END $$")  # fmt: skip
    run("CREATE TRIGGER stamp BEFORE INSERT ON stamped FOR EACH ROW EXECUTE FUNCTION stamp()")
    forms = form()
    assert forms.send(f"{oid('stamped')}/rows/add").status_code == 302
    page = forms.get(f"{oid('stamped')}/rows/add").content.decode()
    assert 'name="e2"' in page
    assert forms.send(f"{oid('stamped')}/rows/add", e2="on").headers["Location"].endswith("said=added")
    assert connection.execute("SELECT who FROM stamped ORDER BY id").fetchall() == [("me",), ("",)]


def test_a_box_that_was_ticked_stays_ticked(form, run, oid) -> None:
    run("CREATE TABLE pairs (a text NOT NULL, b int NOT NULL)")
    forms = form()
    page = forms.send(f"{oid('pairs')}/rows/add", e1="on").content.decode()
    assert page.count("MP681") == 2  # above the form, and below its field
    assert fields_of(page)["e1"] == "on"
