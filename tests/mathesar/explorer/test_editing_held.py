"""What the database holds after a change, where that is not what was typed: it is said, or nothing is kept."""

from __future__ import annotations

import re
from html import unescape

import pytest

BEFORE = """
CREATE FUNCTION acts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} END $$;
CREATE TRIGGER acts {} ON {} FOR EACH ROW EXECUTE FUNCTION acts();
"""


def held(forms, response) -> dict[str, str]:
    """Return what the page after a change says that the database holds."""
    assert response.status_code == 302, response.content.decode()
    page = forms.get(response.headers["Location"]).content.decode()
    assert "The row was saved." in page or "The row was added." in page, page
    found = re.findall(r"<li><bdi>(.*?)</bdi>(?:: <bdi class=\"held-value\">(.*?)</bdi>)?</li>", page, re.DOTALL)
    return {name: unescape(text) for name, text in found}


@pytest.fixture
def things(run, oid) -> int:
    """Give the number of a table with one row, whose trigger can be made."""
    run("CREATE TABLE things (id int PRIMARY KEY, t text, u text); INSERT INTO things VALUES (1, 'first', 'second')")
    return oid("things")


TYPED = [
    ("timestamp(0)", "2026-01-02 03:04:05.7", "2026-01-02 03:04:06"),
    ("numeric(6,2)", "1.005", "1.01"),
    ("interval year to month", "1 year 3 days", "1 year"),
    ("real", "16777217", "1.6777216e+07"),
    ("name", "n" * 70, "n" * 63),
    ('"char"', "ab", "a"),
    ("date", "01/02/03", "2001-02-03"),
    ("jsonb", '{"a":1}', '{"a": 1}'),
    ("text", "7 ", None),
    ("numeric", "1.50", None),
    ("inet", "10.0.0.1/8", None),
    ("double precision", "0.1", None),
    ("text", "x" * 99_000, None),
    ("text", "é" * 60_000, None),  # longer than what is shown: it is compared all the same
]


def test_what_types_make_of_it_is_said(form, run, oid, connection) -> None:
    run("CREATE TABLE typed (id serial PRIMARY KEY, other text, "
        + ", ".join(f'"<{n}> %" {kind}' for n, (kind, _, _) in enumerate(TYPED)) + ")")  # fmt: skip
    run("INSERT INTO typed (other) VALUES ('kept'); CREATE TABLE keyless (LIKE typed)")
    forms = form()
    values = {f"v{n}": typed for n, (_, typed, _) in enumerate(TYPED, 3)}
    said = {f"&lt;{n}&gt; %": expected for n, (_, _, expected) in enumerate(TYPED) if expected is not None}
    for path in (forms.links(oid("typed"))[0], f"{oid('typed')}/rows/add", f"{oid('keyless')}/rows/add"):
        changes = dict(values)
        data = {name: text for name, text in forms.data(path).items() if name[0] != "n" or name == "n2"}
        if path.startswith(str(oid("keyless"))):
            changes["v1"] = "7"
        assert held(forms, forms.post(path, data | changes)) == said
    names = ", ".join(f'"<{n}> %"::text' for n in range(len(TYPED)))
    rows = connection.execute(f"SELECT {names} FROM typed UNION ALL SELECT {names} FROM keyless").fetchall()
    assert rows == [tuple(expected or typed for _, typed, expected in TYPED)] * 3


def test_a_key_that_a_type_rounds(form, run, oid, connection) -> None:
    run("CREATE TABLE prices (p numeric(6,2) PRIMARY KEY, t text); INSERT INTO prices VALUES (1, 'x')")
    forms = form()
    assert held(forms, forms.send(forms.links(oid("prices"))[0], v1="1.005")) == {"p": "1.01"}
    assert held(forms, forms.send(f"{oid('prices')}/rows/add", v1="2.005")) == {"p": "2.01"}
    assert connection.execute("SELECT p::text FROM prices ORDER BY 1").fetchall() == [("1.01",), ("2.01",)]


@pytest.mark.parametrize(
    "trigger",
    [
        ("NEW.t := OLD.t; RETURN NEW;", "BEFORE UPDATE"),
        ("IF pg_trigger_depth() = 1 THEN UPDATE things SET t = OLD.t; END IF; RETURN NULL;", "AFTER UPDATE"),
        ("DELETE FROM things; RETURN NULL;", "AFTER UPDATE OR INSERT"),
        ("UPDATE things SET id = id + 9 WHERE id < 9; RETURN NULL;", "AFTER UPDATE OR INSERT"),
    ],
)
def test_a_trigger_that_undoes_it(form, run, connection, things: int, trigger: tuple[str, str]) -> None:
    run(BEFORE.format(*trigger, "things"))
    forms = form()
    paths = [forms.links(things)[0]] + ([f"{things}/rows/add"] if "INSERT" in trigger[1] else [])
    for path in paths:
        response = forms.send(path, v2="mine", **({"v1": "2"} if "add" in path else {}))
        assert response.status_code == 409
        assert "MP670" in response.content.decode()
    assert connection.execute("SELECT * FROM things").fetchall() == [(1, "first", "second")]


def test_a_trigger_that_makes_something_else_of_it(form, run, connection, things: int) -> None:
    run(BEFORE.format("NEW.t := upper(NEW.t); NEW.id := NEW.id + 1; RETURN NEW;", "BEFORE UPDATE OR INSERT", "things"))
    forms = form()
    assert held(forms, forms.send(forms.links(things)[0], v2="mine", v3="x")) == {"t": "MINE"}
    assert held(forms, forms.send(f"{things}/rows/add", v1="5", v2="e\n", drop=("n2",))) == {"id": "6", "t": "E\n"}
    assert connection.execute("SELECT id, t FROM things ORDER BY id").fetchall() == [(2, "MINE"), (6, "E\n")]


def test_rules_that_write_elsewhere(form, run, connection, things: int) -> None:
    run("CREATE TABLE other AS SELECT * FROM things; ALTER TABLE other ADD PRIMARY KEY (id)")
    run("CREATE RULE up AS ON UPDATE TO things DO INSTEAD UPDATE other SET t = NEW.t WHERE id = OLD.id")
    run("CREATE RULE del AS ON DELETE TO things DO INSTEAD DELETE FROM other WHERE id = OLD.id")
    run("CREATE RULE ins AS ON INSERT TO things DO INSTEAD INSERT INTO other VALUES (NEW.id, NEW.t, NEW.u)")
    forms = form()
    (link,) = forms.links(things)
    for path in (link, link.replace("/edit", "/delete"), f"{things}/rows/add"):
        response = forms.send(path, **({} if "delete" in path else {"v2": "mine", "v1": "2" if "add" in path else "1"}))
        assert response.status_code == 409, path
        assert "MP670" in response.content.decode()
    for name in ("things", "other"):
        assert connection.execute(f"SELECT * FROM {name}").fetchall() == [(1, "first", "second")]


def test_rules_that_add_something_beside_it(form, run, connection, oid, things: int) -> None:
    run("CREATE TABLE log (n serial, t text)")
    run("CREATE RULE up AS ON UPDATE TO things DO ALSO INSERT INTO log (t) VALUES (NEW.t)")
    run("CREATE TABLE counted (id serial PRIMARY KEY, t text)")
    run("CREATE RULE ins AS ON INSERT TO counted DO ALSO INSERT INTO log (t) VALUES (NEW.t)")
    forms = form()
    assert held(forms, forms.send(forms.links(things)[0], v1="3", v2="mine")) == {}
    assert connection.execute("SELECT id, t FROM things").fetchall() == [(3, "mine")]
    response = forms.send(f"{oid('counted')}/rows/add", v2="new", drop=("n2",))
    assert "cannot be read back here" in forms.get(response.headers["Location"]).content.decode()
    assert connection.execute("SELECT t FROM counted").fetchall() == [("new",)]
    assert connection.execute("SELECT t FROM log ORDER BY n").fetchall() == [("mine",), ("new",)]


def test_the_same_value_in_other_words_is_no_change(form, run, oid, connection) -> None:
    words = [
        ("numeric(6,2)", "1.50", "1.5"), ("jsonb", '{"a": 1}', '{"a":1}'), ("varchar(3)", "abc", "abc  "),
        ("timestamp(0)", "2026-01-01 00:00:00", "2026-01-01"), ("inet", "10.0.0.1", "10.0.0.1/32"),
    ]  # fmt: skip
    columns = ", ".join(f"c{n} {kind}" for n, (kind, _, _) in enumerate(words))
    run(f"CREATE TABLE worded (id int PRIMARY KEY, {columns})")
    run(f"INSERT INTO worded VALUES (1, {', '.join(repr(before) for _, before, _ in words)})")
    version = connection.execute("SELECT xmin::text FROM worded").fetchone()
    forms = form()
    (link,) = forms.links(oid("worded"))
    for number, (_, _, typed) in enumerate(words, 2):
        response = forms.send(link, **{f"v{number}": typed})
        assert response.headers["Location"].endswith("said=same"), typed
    assert "the value that was there" in forms.get(response.headers["Location"]).content.decode()
    assert connection.execute("SELECT xmin::text FROM worded").fetchone() == version
    assert held(forms, forms.send(link, v2="1.5", v3='{"b":1}')) == {"c0": "1.50", "c1": '{"b": 1}'}


def test_a_policy_that_lets_rows_be_added_and_not_seen(form, site, dbname, run, oid, reader, connection) -> None:
    run("CREATE TABLE mine (id int PRIMARY KEY, who text); ALTER TABLE mine ENABLE ROW LEVEL SECURITY")
    run("CREATE POLICY look ON mine FOR SELECT USING (who = 'me')")
    run("CREATE POLICY more ON mine FOR INSERT WITH CHECK (true)")
    run("GRANT SELECT, INSERT ON mine TO explorer_reader")
    forms = form(site.url(dbname, user="explorer_reader", password="reads-only"))
    path = f"{oid('mine')}/rows/add"
    assert forms.send(path, v1="1", v2="me", drop=("n2",)).headers["Location"].endswith("said=added")
    assert forms.send(path, v1="2", v2="them", drop=("n2",)).headers["Location"].endswith("said=unseen")
    assert connection.execute("SELECT who FROM mine ORDER BY id").fetchall() == [("me",), ("them",)]


def test_columns_that_may_be_filled_in_and_not_read(form, site, dbname, run, oid, reader, connection) -> None:
    run("CREATE TABLE letters (id int PRIMARY KEY, box text)")
    run("GRANT SELECT (id), INSERT ON letters TO explorer_reader")
    forms = form(site.url(dbname, user="explorer_reader", password="reads-only"))
    response = forms.send(f"{oid('letters')}/rows/add", v1="1", v2="put", drop=("n2",))
    assert response.headers["Location"].endswith("said=added")
    assert connection.execute("SELECT * FROM letters").fetchall() == [(1, "put")]
    run("CREATE TABLE boxes (a text DEFAULT 'x', b text); GRANT INSERT ON boxes TO explorer_reader")
    assert forms.send(f"{oid('boxes')}/rows/add", v2="y").headers["Location"].endswith("said=added")
    run("ALTER TABLE boxes DROP b; GRANT SELECT ON boxes TO explorer_reader")
    assert forms.send(f"{oid('boxes')}/rows/add").headers["Location"].endswith("said=added")
    assert connection.execute("SELECT * FROM boxes").fetchall() == [("x",), ("x",)]


def test_many_long_values_are_named_alone_and_the_word_is_sealed(form, run, oid) -> None:
    run("CREATE TABLE wide (id int PRIMARY KEY, " + ", ".join(f"c{n} jsonb" for n in range(9)) + ")")
    run("INSERT INTO wide (id) VALUES (1)")
    forms = form()
    (link,) = forms.links(oid("wide"))
    values = {f"v{n}": '{"secret":"' + "é" * 90 + '"}' for n in range(2, 11)}
    response = forms.send(link, drop=tuple(f"n{n}" for n in range(2, 11)), **values)
    place = response.headers["Location"]
    assert len(place) < 2000
    assert "secret" not in place
    assert held(forms, response) == {f"c{n}": "" for n in range(8)} | {"and 1 more": ""}
    for wrong in (place[:-1], re.sub("held=.*", "held=v1.x.y", place), re.sub("held=.*", "held=%C3%A9", place)):
        assert "not quite what was typed" not in forms.get(wrong).content.decode()
