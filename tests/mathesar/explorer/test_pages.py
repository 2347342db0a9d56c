"""The pages over HTTP: links that lead through all rows, words for every state, and nobody's cursor but our own."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from mathesar.explorer.cursors import LONGEST, read_cursor, write_cursor
from tests.mathesar import plans


def link(page: str, words: str) -> dict[str, str]:
    """Return the query of the link with these words; {} where there is none."""
    found = re.search(rf'<a [^>]*?href="([^"]*)"[^>]*>(?:<span[^>]*></span>)?{words}</a>', page)
    query = urlsplit(unescape(found[1])).query if found else ""
    return {name: values[0] for name, values in parse_qs(query).items()}


def cells(page: str) -> list[str]:
    return re.findall(r'<td class="number">(\d+)</td>', page)


def test_nobody_looks_without_signing_in(browse, run, oid) -> None:
    run("CREATE TABLE things (n int)")
    place = browse().wsgi_request.path
    for path in (place, f"{place}{oid('things')}/", f"{place}{oid('things')}/rows"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in?next=")


def test_only_get(browse) -> None:
    client = Client()
    client.force_login(browse().wsgi_request.user)
    assert client.post(browse().wsgi_request.path).status_code == 405


def test_all_rows_by_links_and_by_htmx(browse, run, oid) -> None:
    run("CREATE TABLE things AS SELECT g AS n FROM generate_series(1, 120) g")
    run("ALTER TABLE things ADD PRIMARY KEY (n)")
    for path in (f"{oid('things')}/", f"{oid('things')}/rows"):
        page = browse(f"{oid('things')}/").content.decode()
        found = cells(page)
        while query := link(page, "Next rows"):
            assert "100" not in query["after"]
            page = browse(path, **query).content.decode()
            found += cells(page)
        assert found == [str(n) for n in range(1, 121)]
        assert "These are the last rows." in page
    assert link(browse(f"{oid('things')}/").content.decode(), "Count") == {"count": "1"}
    assert "120 rows" in browse(f"{oid('things')}/", count="1").content.decode()


def test_cursors_of_others_are_refused(browse, run, oid) -> None:
    run("CREATE TABLE things AS SELECT generate_series(1, 60) AS n")
    run("CREATE TABLE others AS SELECT generate_series(1, 60) AS n")
    query = link(browse(f"{oid('things')}/").content.decode(), "Next rows")
    assert browse(f"{oid('things')}/", **query).content.decode().count("<tr><td") == 10
    wrong = [query["after"][:-1], query["after"] + "=", "x", "v1..", "é", "\0", "[1]", "(0,0)", "x" * 9999]
    for other in (f"{oid('others')}/", f"{oid('others')}/rows"):
        assert "MP656" in browse(other, **query).content.decode()
    for cursor in wrong:
        assert "MP656" in browse(f"{oid('things')}/", after=cursor).content.decode()
    run("ALTER TABLE things ADD PRIMARY KEY (n)")  # another order
    assert "MP656" in browse(f"{oid('things')}/", **query).content.decode()


def test_a_cursor_says_nothing_and_has_an_end(plan) -> None:
    cursor = write_cursor("place", ["ada@example.org", "ü"])
    assert "ada" not in cursor
    assert read_cursor("place", cursor) == ("ada@example.org", "ü")
    assert read_cursor("elsewhere", cursor) is None
    assert write_cursor("place", ["x" * LONGEST]) is None


@pytest.mark.parametrize("query", ["columns=-1", "columns=x", "columns=99999999999999", "columns=²", "count=2"])
def test_nonsense_in_the_address(query: str, browse, run, oid) -> None:
    run("CREATE TABLE things AS SELECT 7 AS n")
    name, _, value = query.partition("=")
    assert browse(f"{oid('things')}/", **{name: value}).status_code == 200
    assert browse("", q="\0\n%s'", schema=value, after=value).status_code == 200
    assert browse("99999999999999/").status_code == 404


def test_values_are_text_and_never_markup(browse, run, oid) -> None:
    run("""CREATE TABLE "<script>x</script>" AS SELECT '<script>alert(1)</script>'::text AS "<b>&", ''::text AS e""")
    run("""COMMENT ON TABLE "<script>x</script>" IS '<i>said</i>'""")
    number = oid('"<script>x</script>"')
    for page in (browse(), browse(f"{number}/")):
        text = page.content.decode()
        assert "<script>" not in text
        assert "<i>said" not in text
        assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "empty</span>" in text


def test_states_in_words(browse, run, oid) -> None:
    assert "No tables yet" in browse().content.decode()
    run("CREATE TABLE things (n int)")
    run("CREATE TABLE bare ()")
    run("CREATE VIEW broken AS SELECT 1 / 0 AS n")
    run("CREATE VIEW many AS SELECT generate_series(1, 60) AS n")
    page = browse().content.decode()
    assert "rows not counted yet" in page
    assert "No rows" in browse(f"{oid('things')}/").content.decode()
    assert "No columns" in browse(f"{oid('bare')}/").content.decode()
    assert "These are the first 50 rows." in browse(f"{oid('many')}/").content.decode()
    broken = browse(f"{oid('broken')}/")
    assert broken.status_code == 200
    assert "division by zero" in broken.content.decode()
    assert "No table matches" in browse("", q="nowhere").content.decode()
    gone = browse("4/")
    assert gone.status_code == 404
    assert "MP651" in gone.content.decode()


def test_a_database_that_does_not_answer(browse, use) -> None:
    use(plans.local_plan({"explored": "postgresql://u:n0-such-pw@127.0.0.1:1/absent?sslmode=disable"}))
    for path in ("", "5/"):
        response = browse(path)
        assert response.status_code == 503
        assert "MP602" in response.content.decode()
        assert "n0-such-pw" not in response.content.decode()
    assert "MP602" in browse("5/rows").content.decode()


def test_a_database_that_nobody_knows(browse) -> None:
    path = "/databases/00000000-0000-4000-8000-000000000000/browse/"
    client = Client()
    client.force_login(browse().wsgi_request.user)
    assert client.get(path).status_code == 404


def test_pages_of_wide_tables(browse, run, oid) -> None:
    run(f"CREATE TABLE wide ({', '.join(f'c{n} int DEFAULT {n}' for n in range(250))}, id serial PRIMARY KEY)")
    run("INSERT INTO wide SELECT FROM generate_series(1, 60)")
    page = browse(f"{oid('wide')}/").content.decode()
    assert "Columns 1\u2013100 of 251" in page
    query = link(page, "Later columns")
    page = browse(f"{oid('wide')}/", **query).content.decode()
    assert link(page, "Earlier columns") == {"columns": "0"}
    second = browse(f"{oid('wide')}/", **link(page, "Next rows")).content.decode()
    assert cells(second)[0] == "100"
    assert len(cells(second)) == 1000
