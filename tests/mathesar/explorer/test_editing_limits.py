"""Rare ends of a change: a server that dies, is busy or slow, a hostile search path, keys too long for a link."""

from __future__ import annotations

import pytest

from tests.mathesar.explorer.conftest import fields_of

TRIGGER = """
CREATE TABLE things (code varchar PRIMARY KEY, note text);
INSERT INTO things VALUES ('a', 'first'), ('b', 'second');
CREATE FUNCTION acts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NEW; END $$;
CREATE CONSTRAINT TRIGGER acts AFTER UPDATE ON things DEFERRABLE INITIALLY {} FOR EACH ROW EXECUTE FUNCTION acts();
"""


def codes(run, oid, form, body: str, when: str) -> tuple[int, str]:
    """Return the status and the page that come of an edit whose trigger does something."""
    run(TRIGGER.format(body, when))
    forms = form()
    response = forms.send(forms.links(oid("things"))[0], v2="mine")
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("when", ["DEFERRED", "IMMEDIATE"])
@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("40001", 409, "MP671"),
        ("40P01", 409, "MP671"),
        ("55P03", 409, "MP671"),
        ("57014", 504, "MP672"),
        ("25006", 409, "MP673"),
        ("42501", 403, "MP661"),
        ("22012", 409, "MP674"),
        ("23514", 409, "MP674"),
        ("ZZ999", 409, "MP674"),
    ],
)
def test_each_state_has_its_words(run, oid, form, connection, when: str, state: str, status: int, code: str) -> None:
    body = f"RAISE EXCEPTION 'n0-such-pw' USING ERRCODE = '{state}', DETAIL = 'n0-such-pw';"
    found, page = codes(run, oid, form, body, when)
    assert (found, code in page) == (status, True), page
    assert "n0-such-pw" not in page
    assert fields_of(page)["v2"] == "mine"
    assert connection.execute("SELECT note FROM things WHERE code = 'a'").fetchone() == ("first",)


@pytest.mark.parametrize(("when", "code"), [("DEFERRED", "MP679"), ("IMMEDIATE", "MP614")])
def test_a_server_that_dies_before_or_while_keeping_it(run, oid, form, when: str, code: str) -> None:
    status, page = codes(run, oid, form, "PERFORM pg_terminate_backend(pg_backend_pid());", when)
    assert status == 503
    assert code in page
    assert fields_of(page)["v2"] == "mine"


@pytest.mark.parametrize(("when", "code"), [("DEFERRED", "MP679"), ("IMMEDIATE", "MP674")])
@pytest.mark.parametrize("state", ["40003", "08007"])
def test_an_end_that_the_server_does_not_know(run, oid, form, state: str, when: str, code: str) -> None:
    _, page = codes(run, oid, form, f"RAISE EXCEPTION 'x' USING ERRCODE = '{state}';", when)
    assert code in page


def test_nobodys_operators_on_the_search_path_take_part(run, oid, form, connection) -> None:
    run(TRIGGER.format("", "DEFERRED"))
    run("CREATE FUNCTION evil(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$")
    run("CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = evil)")
    forms = form()
    link = forms.links(oid("things"))[0]
    assert forms.send(link, v2="mine").status_code == 302
    assert forms.send(link.replace("/edit", "/delete")).status_code == 302


def test_a_key_too_long_for_a_link_has_none(run, oid, form) -> None:
    run("CREATE TABLE long (code text PRIMARY KEY)")
    run("INSERT INTO long SELECT string_agg(md5(g::text), '') FROM generate_series(1, 60) g")
    run("INSERT INTO long VALUES ('short')")
    forms = form()
    assert len(forms.links(oid("long"))) == 1
