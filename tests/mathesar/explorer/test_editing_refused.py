"""What keeps a row from being changed: said beside its field or above the form, with nothing typed lost."""

from __future__ import annotations

import psycopg
import pytest
from django.test import Client

from tests.mathesar import plans
from tests.mathesar.explorer.conftest import fields_of

SHOP = """
CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL REFERENCES customers, code varchar(5) UNIQUE,
    amount numeric(6, 2) CONSTRAINT positive CHECK (amount > 0), day date, parent int REFERENCES orders
    DEFERRABLE INITIALLY DEFERRED);
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO orders VALUES (1, 1, 'abc', 10, '2026-01-01'), (2, 1, 'taken', 20, '2026-01-02');
"""


@pytest.fixture
def shop(run, oid) -> tuple[int, int]:
    """Give the numbers of a table of orders and one of their customers."""
    run(SHOP)
    return oid("orders"), oid("customers")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"v4": "twelve"}, "MP662", 4),
        ({"v4": "123456.00"}, "MP662", 4),
        ({"v4": ""}, "MP662", 4),
        ({"v5": "2026-02-30"}, "MP662", 5),
        ({"v3": "too long"}, "MP662", 3),
        ({"v3": "a\0b"}, "MP662", 3),
        ({"n2": "on"}, "MP663", 2),
        ({"v3": "taken"}, "MP664", 3),
        ({"v1": "2"}, "MP664", 1),
        ({"v2": "9"}, "MP665", 2),
        ({"v6": "9"}, "MP665", 6),
        ({"v4": "-1"}, "MP667", 4),
    ],
)
def test_beside_its_field(form, connection, shop, changes, code: str, field: int) -> None:
    forms = form()
    link = forms.links(shop[0])[0]
    before = connection.execute("SELECT * FROM orders ORDER BY id").fetchall()
    response = forms.send(link, **({"v5": "2026-05-05"} | changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="f{field}-fault"' in page
    assert page.count('aria-invalid="true"') == 1
    assert code in page
    again = fields_of(page)
    expected = {"v5": "2026-05-05"} | changes
    assert {name: again.get(name) for name in expected if "\0" not in expected[name]} == {
        name: value for name, value in expected.items() if "\0" not in value
    }
    assert connection.execute("SELECT * FROM orders ORDER BY id").fetchall() == before


def test_all_faults_at_once(form, shop) -> None:
    forms = form()
    page = forms.send(forms.links(shop[0])[0], v4="x", v5="y", v2="z").content.decode()
    assert page.count('aria-invalid="true"') == 3
    assert "3 fields need another value" in page


def test_a_row_that_others_refer_to(form, connection, shop) -> None:
    forms = form()
    link = forms.links(shop[1])[0]
    for path, changes in ((link.replace("/edit", "/delete"), {}), (link, {"v1": "7"})):
        response = forms.send(path, **changes)
        assert response.status_code == 409
        page = response.content.decode()
        assert "Rows of public.orders still refer to this row" in page
        assert "MP666" in page
    assert connection.execute("SELECT count(*) FROM customers").fetchone() == (2,)


def test_a_conflict_shows_both_values_and_a_person_decides(form, connection, shop) -> None:
    forms = form()
    link = forms.links(shop[0])[0]
    data = forms.data(link)
    connection.execute("UPDATE orders SET code = 'them', day = '2027-07-07' WHERE id = 1")
    response = forms.post(link, data | {"v3": "mine", "v4": "12.50"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "MP668" in page
    assert 'In the database now: <bdi class="now-value">them</bdi>' in page
    again = fields_of(page)
    assert (again["v3"], again["v4"], again["v5"]) == ("mine", "12.50", "2027-07-07")
    assert connection.execute("SELECT code FROM orders WHERE id = 1").fetchone() == ("them",)
    assert forms.post(link, again).status_code == 302
    row = connection.execute("SELECT code, amount::text, day::text FROM orders WHERE id = 1").fetchone()
    assert row == ("mine", "12.50", "2027-07-07")


def test_a_conflict_while_another_transaction_holds_the_row(form, server, dbname, shop) -> None:
    forms = form()
    link = forms.links(shop[0])[0]
    data = forms.data(link)
    with psycopg.connect(server.url(dbname)) as other:
        other.execute("UPDATE orders SET code = 'them' WHERE id = 1")
        response = forms.post(link, data | {"v3": "mine"})
        assert response.status_code == 409
        assert "MP671" in response.content.decode()
        assert fields_of(response.content.decode())["v3"] == "mine"
        other.rollback()
    assert forms.post(link, data | {"v3": "mine"}).status_code == 302


def test_a_row_that_is_gone(form, connection, shop) -> None:
    forms = form()
    link = forms.links(shop[0])[0]
    data, question = forms.data(link), forms.data(link.replace("/edit", "/delete"))
    connection.execute("DELETE FROM orders WHERE id = 1")
    response = forms.post(link, data | {"v3": "mine"})
    assert response.status_code == 404
    assert "MP669" in response.content.decode()
    assert "mine" in response.content.decode()
    assert forms.get(link).status_code == 404
    assert forms.post(link.replace("/edit", "/delete"), question).status_code == 404


def test_deleting_a_row_that_was_changed_meanwhile(form, connection, shop) -> None:
    forms = form()
    link = forms.links(shop[0])[0].replace("/edit", "/delete")
    question = forms.data(link)
    connection.execute("UPDATE orders SET code = 'them' WHERE id = 1")
    response = forms.post(link, question)
    assert response.status_code == 409
    assert "them" in response.content.decode()
    assert forms.post(link, fields_of(response.content.decode())).status_code == 302


def test_who_may_only_look(form, browse, run, shop) -> None:
    forms = form()
    link = forms.links(shop[0])[0]
    client = Client()
    client.force_login(browse().wsgi_request.user)
    page = browse(f"{shop[0]}/").content.decode()
    assert "row-link" not in page
    assert "Read-only" in page
    for path in (link, link.replace("/edit", "/delete"), f"{forms.base}{shop[0]}/rows/add"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"v2": "x"}).status_code == 403
        assert Client().post(path).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = forms.client.cookies
    assert strict.get(link).status_code == 200
    assert strict.post(link, {"v2": "x"}).status_code == 403
    assert forms.client.put(link).status_code == 405


def test_links_and_forms_that_were_tampered_with(form, run, oid, shop) -> None:
    forms = form()
    link, other = forms.links(shop[0])
    data = forms.data(link)
    word = link.split("/")[-2]
    for wrong in (word[:-2], word + "A", "v1.x.y", "é", "x" * 3000, word.replace("v1", "v2")):
        response = forms.get(f"{shop[0]}/rows/{wrong}/edit")
        assert response.status_code == 400, wrong
        assert "MP675" in response.content.decode()
    assert forms.get(f"{shop[1]}/rows/{word}/edit").status_code == 400
    assert forms.post(other, data).status_code == 400
    assert forms.post(link, data | {"seen": "v1.x.y"}).status_code == 400
    assert forms.post(link, {}).status_code == 400
    assert forms.get(f"99999999999/rows/{word}/edit").status_code == 404
    run("ALTER TABLE orders DROP CONSTRAINT orders_parent_fkey")
    run("ALTER TABLE orders DROP CONSTRAINT orders_pkey")
    run("ALTER TABLE orders ALTER day SET NOT NULL, ADD PRIMARY KEY (day)")
    assert forms.get(link).status_code == 400


def test_what_has_no_key_or_is_no_table_says_why(form, run, oid) -> None:
    run("CREATE TABLE keyless AS SELECT 1 AS n")
    run("CREATE VIEW seen AS SELECT * FROM keyless")
    run("CREATE TABLE parent (n int PRIMARY KEY)")
    run("CREATE TABLE child () INHERITS (parent)")
    forms = form()
    for name, code in (("keyless", "MP677"), ("seen", "MP676"), ("parent", "MP678")):
        page = forms.get(f"{oid(name)}/").content.decode()
        assert code in page, name
        assert ("Add a row" in page) is (name != "seen")
        assert "row-link" not in page
        assert forms.get(f"{oid(name)}/rows/add").status_code == (409 if name == "seen" else 200)


def test_triggers_and_rules_that_take_the_change_back(form, connection, run, shop) -> None:
    run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    run("CREATE TRIGGER no BEFORE UPDATE OR DELETE OR INSERT ON customers FOR EACH ROW EXECUTE FUNCTION no()")
    forms = form()
    link = forms.links(shop[1])[0]
    for path in (link, link.replace("/edit", "/delete"), f"{shop[1]}/rows/add"):
        response = forms.send(path, v1="8", v2="new")
        assert response.status_code == 409
        assert "MP670" in response.content.decode()
    run("DROP TRIGGER no ON customers")
    run("CREATE RULE nothing AS ON UPDATE TO customers DO INSTEAD NOTHING")
    assert "MP670" in forms.send(link, v2="new").content.decode()


def test_a_trigger_that_refuses_says_nothing_of_other_rows(form, run, shop) -> None:
    run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'n0-such-pw'; END $$")
    run("CREATE TRIGGER no BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION no()")
    forms = form()
    page = forms.send(forms.links(shop[1])[0], v2="new").content.decode()
    assert "n0-such-pw" not in page
    assert "SQLSTATE P0001" in page
    assert fields_of(page)["v2"] == "new"


def test_privileges_of_the_role(form, site, dbname, run, oid, reader, connection) -> None:
    run("CREATE TABLE partly (id int PRIMARY KEY, a text, b text, secret text)")
    run("INSERT INTO partly VALUES (1, 'a', 'b', 'n0-such-pw')")
    run("GRANT SELECT (id, a, b), UPDATE (a) ON partly TO explorer_reader")
    run("CREATE TABLE looked (id int PRIMARY KEY)")
    run("GRANT SELECT ON looked TO explorer_reader")
    forms = form(site.url(dbname, user="explorer_reader", password="reads-only"))
    (link,) = forms.links(oid("partly"))
    page = forms.get(link).content.decode()
    assert "This role may not change it." in page
    assert "n0-such-pw" not in page
    assert "Delete row" not in page
    assert {"v1", "v3", "v4"}.isdisjoint(fields_of(page))
    assert forms.send(link, v2="new", v3="smuggled").status_code == 302
    assert connection.execute("SELECT a, b FROM partly").fetchone() == ("new", "b")
    assert forms.get(link.replace("/edit", "/delete")).status_code == 403
    assert forms.get(f"{oid('partly')}/rows/add").status_code == 403
    assert "MP661" in forms.get(f"{oid('looked')}/").content.decode()


def test_row_level_security(form, site, dbname, run, oid, reader, connection) -> None:
    run("CREATE TABLE mine (id int PRIMARY KEY, who text)")
    run("INSERT INTO mine VALUES (1, 'me'), (2, 'them')")
    run("ALTER TABLE mine ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY look ON mine FOR SELECT USING (true)")
    run("CREATE POLICY change ON mine FOR UPDATE USING (who = 'me')")
    run("GRANT SELECT, UPDATE ON mine TO explorer_reader")
    forms = form(site.url(dbname, user="explorer_reader", password="reads-only"))
    first, second = forms.links(oid("mine"))
    for link in (first, second):
        response = forms.send(link, v2="them all")
        assert response.status_code == 403
        assert "MP661" in response.content.decode()
        assert fields_of(response.content.decode())["v2"] == "them all"
    assert connection.execute("SELECT who FROM mine ORDER BY id").fetchall() == [("me",), ("them",)]


def test_a_server_that_takes_no_changes(form, run, site, dbname, oid, shop) -> None:
    forms = form()
    link = forms.links(shop[0])[0]
    run(f"ALTER DATABASE {dbname} SET default_transaction_read_only = on")
    forms = form()
    assert "MP673" in forms.get(f"{shop[0]}/").content.decode()
    assert "MP673" in forms.get(link).content.decode()


def test_a_connection_that_is_lost_keeps_what_was_typed(form, use, shop) -> None:
    from mathesar.connections.opening import forget_all

    forms = form()
    link = forms.links(shop[0])[0]
    data = forms.data(link)
    forget_all()  # another address is another connection
    use(plans.local_plan({"explored": "postgresql://u:n0-such-pw@127.0.0.1:1/absent?sslmode=disable"}))
    response = forms.post(link, data | {"v3": "mine"})
    assert response.status_code == 503
    assert '<input type="hidden" name="v3" value="mine">' in response.content.decode()
