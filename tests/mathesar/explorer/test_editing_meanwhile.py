"""What happens to a table, a row or a privilege between a form and its sending: nothing is lost or misplaced."""

from __future__ import annotations

import psycopg
import pytest

from mathesar.explorer.attempt import Place, digest_of
from mathesar.explorer.edit_row import delete, find
from mathesar.explorer.values import seen_of
from tests.mathesar.explorer.conftest import fields_of

THINGS = """
CREATE TYPE size AS ENUM ('big', 'small');
CREATE TABLE things (id int PRIMARY KEY, note text, size size, count int);
INSERT INTO things VALUES (1, 'first', 'big', 5);
"""


@pytest.fixture
def things(run, oid) -> int:
    """Give the number of a table with one row."""
    run(THINGS)
    return oid("things")


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("ALTER TABLE things RENAME note TO secret", True),
        ("ALTER TABLE things ALTER note TYPE varchar(9)", True),
        ("ALTER TABLE things DROP note", False),
        ("ALTER TABLE things DROP note; ALTER TABLE things ADD note text", False),
        ("ALTER TABLE things ALTER size TYPE text", True),
    ],
)
@pytest.mark.parametrize("is_new", [False, True])
def test_a_column_that_is_another_one_now(
    form, connection, run, things: int, statement: str, kept: bool, is_new: bool
) -> None:
    forms = form()
    path = f"{things}/rows/add" if is_new else forms.links(things)[0]
    data = forms.data(path) | {"v1": "2" if is_new else "1", "v2": "mine", "v3": "=small"}
    run(statement)
    before = connection.execute("SELECT * FROM things").fetchall()
    response = forms.post(path, data)
    page = response.content.decode()
    assert response.status_code == 409, page
    assert "MP680" in page
    assert connection.execute("SELECT * FROM things").fetchall() == before
    again = fields_of(page)
    if kept:
        assert again["v2"] == "mine"
    assert forms.post(path, again).status_code == 302
    assert "=small" not in str(connection.execute("SELECT * FROM things").fetchall())


def test_a_column_that_was_added_is_left_alone(form, connection, run, things: int) -> None:
    forms = form()
    link = forms.links(things)[0]
    pages = {path: forms.data(path) for path in (link, f"{things}/rows/add")}
    run("ALTER TABLE things ADD more text DEFAULT 'x'")
    assert forms.post(link, pages.pop(link) | {"v2": "mine"}).status_code == 302
    ((path, data),) = pages.items()
    assert forms.post(path, data | {"v1": "2"}).status_code == 302
    assert connection.execute("SELECT note, more FROM things ORDER BY id").fetchall() == [("mine", "x"), (None, "x")]


def test_a_privilege_that_was_taken_back(form, site, dbname, run, reader, connection, things: int) -> None:
    run("GRANT SELECT, UPDATE (note, size) ON things TO explorer_reader")
    forms = form(site.url(dbname, user="explorer_reader", password="reads-only"))
    link = forms.links(things)[0]
    data = forms.data(link)
    run("REVOKE UPDATE (note) ON things FROM explorer_reader")
    response = forms.post(link, data | {"v2": "mine", "v3": "=small"})
    assert response.status_code == 409
    assert connection.execute("SELECT note, size::text FROM things").fetchone() == ("first", "big")


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_a_locked_row_can_be_tried_again_and_its_change_is_noticed(
    form, site, dbname, connection, things: int, verb: str
) -> None:
    connection.execute("ALTER TABLE things ADD long text")
    connection.execute("UPDATE things SET long = repeat('x', 200000)")
    forms = form()
    link = forms.links(things)[0].replace("/edit", f"/{verb}")
    data = forms.data(link)
    with psycopg.connect(site.url(dbname)) as other:
        other.execute("UPDATE things SET note = 'theirs'")
        page = forms.post(link, data | {"v2": "mine"}).content.decode()
        assert "MP671" in page
        assert 'type="submit">' + ("Save" if verb == "edit" else "Delete this row") in page
        again = fields_of(page)
        assert "v5" not in again
        other.commit()
    assert "MP668" in forms.post(link, again).content.decode()
    assert connection.execute("SELECT note FROM things").fetchone() == ("theirs",)
    if verb == "edit":
        assert again["v2"] == "mine"


def test_deleting_without_a_lock_is_compared_before_it_is_kept(
    run, reader, connection, things: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("GRANT SELECT, DELETE ON things TO explorer_reader")
    place = Place(things, 0, ("1",), digest_of(["id"]))
    shown = find(reader, place)
    seen = seen_of(shown.values, shown.fields)
    from mathesar.explorer import edit_row

    real = edit_row.delete_question

    def meanwhile(*given):
        connection.execute("UPDATE things SET note = 'theirs'")
        return real(*given)

    monkeypatch.setattr(edit_row, "delete_question", meanwhile)
    found = delete(reader, place, seen)
    assert found.problem is not None
    assert found.problem.finding.kind == "edit-changed"
    assert found.values[2].text == "theirs"
    assert connection.execute("SELECT count(*) FROM things").fetchone() == (1,)
    seen = seen_of(found.values, found.fields)
    beyond = Place(things, 100, place.key, place.key_of)  # a page of columns that the table does not have
    assert delete(reader, beyond, seen).saved


def test_policies_that_let_rows_be_deleted_and_not_updated(
    form, site, dbname, run, reader, connection, things: int
) -> None:
    run("INSERT INTO things VALUES (2, 'kept')")
    run("ALTER TABLE things ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY look ON things FOR SELECT USING (true)")
    run("CREATE POLICY remove ON things FOR DELETE USING (note <> 'kept')")
    run("GRANT SELECT, UPDATE, DELETE ON things TO explorer_reader")
    forms = form(site.url(dbname, user="explorer_reader", password="reads-only"))
    first, second = (link.replace("/edit", "/delete") for link in forms.links(things))
    assert forms.send(first).status_code == 302
    assert "MP661" in forms.send(second).content.decode()
    assert connection.execute("SELECT id FROM things").fetchall() == [(2,)]


WHOLE_ROWS = """
CREATE TABLE papers (id int PRIMARY KEY, scan bytea, long text, doc jsonb, huge bytea, {columns}) {partitioned};
{more}
INSERT INTO papers VALUES (1, decode(repeat('00', 300), 'hex'), repeat('a', 200000),
    jsonb_build_array(repeat('a', 200000)), decode(repeat('00ff', 300000), 'hex'));
"""
CHANGES = [
    "scan = decode(repeat('01', 300), 'hex')",
    "long = repeat('b', 200000)",
    "doc = jsonb_build_array(repeat('b', 200000))",
    "huge = decode(repeat('00fe', 300000), 'hex')",  # stored in 600 kB from here on
    "huge = decode(repeat('00fd', 300000), 'hex')",
    "huge = NULL",
    "c120 = 7",
]


@pytest.mark.parametrize("partitioned", [False, True])
def test_what_is_not_shown_is_compared_too(form, run, oid, connection, partitioned: bool) -> None:
    run(WHOLE_ROWS.format(
        columns=", ".join(f"c{n} int" for n in range(150)),
        partitioned="PARTITION BY RANGE (id)" if partitioned else "",
        more="CREATE TABLE papers_1 PARTITION OF papers FOR VALUES FROM (0) TO (9);" if partitioned else "",
    ))  # fmt: skip
    run("ALTER TABLE papers ALTER huge SET STORAGE EXTERNAL")
    forms = form()
    link = forms.links(oid("papers"))[0].replace("/edit", "/delete")
    for change in CHANGES:
        question = forms.data(link)
        connection.execute(f"UPDATE papers SET {change}")
        response = forms.post(link, question)
        assert response.status_code == 409, change
        page = response.content.decode()
        assert "MP668" in page, change
        assert ("not shown here were changed" in page) is (change == "c120 = 7")
        assert connection.execute("SELECT count(*) FROM papers").fetchone() == (1,)
    question = forms.data(link)
    connection.execute("UPDATE papers SET c120 = c120")
    assert forms.post(link, question).status_code == 302
    assert connection.execute("SELECT count(*) FROM papers").fetchone() == (0,)


def test_editing_notices_a_long_value_and_leaves_columns_of_other_pages_alone(form, run, oid, connection) -> None:
    run(WHOLE_ROWS.format(columns=", ".join(f"c{n} int" for n in range(150)), partitioned="", more=""))
    forms = form()
    link = forms.links(oid("papers"))[0]
    data = forms.data(link)
    connection.execute("UPDATE papers SET c149 = 5")
    assert forms.post(link, data | {"v10": "1"}).status_code == 302
    data = forms.data(link)
    connection.execute("UPDATE papers SET long = repeat('c', 200000)")
    page = forms.post(link, data | {"v10": "2"}).content.decode()
    assert "MP668" in page
    assert "Changed meanwhile" in page
    assert connection.execute("SELECT c4, c149 FROM papers").fetchone() == (1, 5)
