"""Refusals that are about another table, a partition, or too much: what is said of them must be true."""

from __future__ import annotations

import pytest


def test_a_foreign_key_of_a_partitioned_table(form, run, oid) -> None:
    run("CREATE TABLE customers (id int PRIMARY KEY)")
    run("CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers) PARTITION BY RANGE (id)")
    run("CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (99)")
    run("INSERT INTO orders VALUES (1, NULL)")
    forms = form()
    response = forms.send(forms.links(oid("orders"))[0], v2="7", drop=("n2",))
    assert response.status_code == 422
    page = response.content.decode()
    assert 'id="f2-fault"' in page
    assert "MP665" in page


def test_a_column_of_another_table_that_a_trigger_writes(form, run, oid) -> None:
    run("CREATE TABLE audit (note text NOT NULL)")
    run("CREATE TABLE things (id int PRIMARY KEY, note text)")
    run("INSERT INTO things VALUES (1, 'first')")
    run("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO public.audit VALUES (NULL); RETURN NEW; END'")  # fmt: skip
    run("CREATE TRIGGER keep BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION keep()")
    forms = form()
    page = forms.send(forms.links(oid("things"))[0], v2="given").content.decode()
    assert "MP663" not in page
    assert "MP674" in page


def test_restrict_of_newer_servers(form, run, oid) -> None:
    run("CREATE TABLE things (id int PRIMARY KEY)")
    run("INSERT INTO things VALUES (1)")
    run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no' USING ERRCODE = '23001', "
        "SCHEMA = 'public', TABLE = 'parts', CONSTRAINT = 'parts_fkey'; END $$")  # fmt: skip
    run("CREATE TRIGGER no BEFORE DELETE ON things FOR EACH ROW EXECUTE FUNCTION no()")
    forms = form()
    response = forms.send(forms.links(oid("things"))[0].replace("/edit", "/delete"))
    assert response.status_code == 409
    assert "Rows of public.parts still refer to this row" in response.content.decode()


def test_looking_for_faults_leaves_nothing_behind(form, run, oid, connection) -> None:
    run("CREATE TABLE tried (what text)")
    run("CREATE FUNCTION tries(text) RETURNS boolean LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO public.tried VALUES ($1); RETURN true; END'")  # fmt: skip
    run("CREATE DOMAIN watched AS text CHECK (tries(VALUE))")
    run("CREATE TABLE things (id int PRIMARY KEY, a watched, b int)")
    run("INSERT INTO things (id) VALUES (1); TRUNCATE tried")
    forms = form()
    assert forms.send(forms.links(oid("things"))[0], v2="x", v3="not a number").status_code == 422
    assert connection.execute("SELECT count(*) FROM tried").fetchone() == (0,)


@pytest.mark.parametrize("name", ["keyless", "parent"])
def test_a_row_is_added_where_none_can_be_changed(form, run, oid, connection, name: str) -> None:
    run("CREATE TABLE keyless (n int)")
    run("CREATE TABLE parent (n int PRIMARY KEY)")
    run("CREATE TABLE child () INHERITS (parent)")
    forms = form()
    assert forms.send(f"{oid(name)}/rows/add", v1="5", drop=("n1",)).status_code == 302
    assert connection.execute(f"SELECT n FROM ONLY {name}").fetchall() == [(5,)]
    assert forms.post(f"{oid(name)}/rows/add", {"v1": "6"}).status_code == 400


def test_a_form_takes_whatever_it_showed(form, run, oid) -> None:
    """A browser triples such texts unless the form says otherwise, and the answer is a refusal without a page."""
    run("CREATE TABLE texts (id int PRIMARY KEY, a text, b text, c text, d text, e text)")
    run("INSERT INTO texts SELECT 1, t, t, t, t, t FROM repeat('Ж', 45000) t")
    forms = form()
    link = forms.links(oid("texts"))[0]
    assert 'enctype="multipart/form-data"' in forms.get(link).content.decode()
    assert forms.send(link, v2="short").status_code == 302
    response = forms.send(link, v2="x" * 1_100_000)
    assert response.status_code == 400
    assert "larger than the megabyte" in response.content.decode()
