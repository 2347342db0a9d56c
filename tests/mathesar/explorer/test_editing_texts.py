"""Whatever text there is, and however many: through a form into a column and back, and through a pooler."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mathesar.explorer.attempt import Place, digest_of
from mathesar.explorer.edit_row import add, find, save
from mathesar.explorer.transaction import SETTINGS
from mathesar.explorer.values import seen_of, with_lf
from tests.mathesar.explorer.conftest import fields_of
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)
PLACE = {"key": ("1",), "key_of": digest_of(["id"])}
FEW = settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)  # fmt: skip


@pytest.fixture
def texts(run, oid) -> int:
    """Give the number of a table with one text."""
    run("CREATE TABLE texts (id int PRIMARY KEY, t text, at timestamptz)")
    run("INSERT INTO texts VALUES (1, NULL)")
    return oid("texts")


@FEW
@given(text=TEXTS)
def test_any_text_survives(connection, texts: int, text: str) -> None:
    place = Place(texts, **PLACE)
    connection.execute("UPDATE texts SET t = NULL")
    found = find(connection, place)
    seen = seen_of(found.values, found.fields)
    result = save(connection, place, seen, {"v2": text})
    assert result.problem is None
    expected = None if seen == {} else with_lf(text)
    assert connection.execute("SELECT t FROM texts").fetchone() == (expected,)
    again = find(connection, place)
    assert again.values[2].text == expected
    tokens = seen_of(again.values, again.fields)
    assert not save(connection, place, tokens, {"v2": text.replace("\n", "\r\n")}).saved or "\r" in text


@FEW
@given(text=TEXTS)
def test_any_text_survives_a_page(form, connection, texts: int, text: str) -> None:
    forms = form()
    (link,) = forms.links(texts)
    connection.execute("UPDATE texts SET t = %s", (text,))
    assert forms.send(link).headers["Location"].endswith("said=unchanged")
    page = forms.get(link).content.decode()
    assert fields_of(page)["v2"] == with_lf(text)


def test_nothing_of_a_change_stays(connection, texts: int) -> None:
    show = "SELECT " + ", ".join(f"current_setting('{name}')" for name in (*SETTINGS, "transaction_read_only"))
    before = connection.execute(show).fetchone()
    seen = seen_of({}, find(connection, Place(texts)).fields)
    for post in ({"v1": "2", "v2": "x"}, {"v1": "2", "v2": "again"}, {"v1": "x"}):
        add(connection, Place(texts), seen, post)
        assert connection.execute(show).fetchone() == before
    assert connection.execute("SELECT count(*) FROM texts").fetchone() == (2,)


@pytest.mark.skipif(find_pgbouncer() is None, reason=ABSENT)
def test_through_a_transaction_pooler(form, server, dbname, connection, texts: int) -> None:
    with PgBouncer(server, pool_size=1) as pooler:
        forms = form(server.url(dbname, port=pooler.port))
        (link,) = forms.links(texts)
        for text in ("one", "two", "three"):
            assert forms.send(link, v2=text, drop=("n2",)).status_code == 302
            assert connection.execute("SELECT t FROM texts").fetchone() == (text,)
        assert forms.send(link, v3="x").status_code == 422
        assert forms.send(f"{texts}/rows/add", v1="2").status_code == 302
        assert forms.send(link.replace("/edit", "/delete")).status_code == 302
    assert connection.execute("SELECT id FROM texts").fetchall() == [(2,)]
