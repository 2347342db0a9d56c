"""The types themselves: what they take, what they refuse, and what becomes of text."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from mathesar import dbschema
from tests.mathesar.dbschema.databases import connect, make_database, make_roles, run

NAME = "dbschema_types"


@pytest.fixture(scope="module")
def connection(server) -> Iterator[psycopg.Connection]:
    make_roles(server)
    make_database(server, NAME)
    with connect(server, name=NAME) as made:
        dbschema.install(made)
        yield made
    server.psql(f"DROP DATABASE {NAME} WITH (FORCE)")


GOOD = [
    ("email", "ada@example.org"),
    ("email", "a.b+c@localhost"),
    ("email", "o'neill@xn--bcher-kva.example"),
    ("email", "a" * 64 + "@" + "b" * 63 + ".org"),
    ("uri", "https://example.org/a?b=%C3%A9#c"),
    ("uri", "mailto:ada@example.org"),
    ("uri", "urn:isbn:0451450523"),
    ("uri", "http://[::1]:8000/"),
    ("uri", "https://example.org/été"),
    ("mathesar_money", "12.50"),
    ("mathesar_money", "-99999999999999999999999999.999999"),
    ("multicurrency_money", "(12.50,EUR)"),
    ("mathesar_json_array", '[1, {"a": null}]'),
    ("mathesar_json_object", '{"a": [1]}'),
]
BAD = [
    *(("email", text) for text in ("", "@", "ada", "a@b@c", "a b@c", "a@b c", "a@-b", "a@b.", "a@b\n", "a@.b")),
    ("email", "a" * 65 + "@b.org"),
    ("email", "a@" + ".".join(["b" * 63] * 4)),
    *(("uri", text) for text in ("", "example.org", "//example.org", "https:", "1a:b", "a:b c", "a:b\n", "a:<b>")),
    *(("uri", text) for text in ("a:%", "a:%zz", "a:b\\c", "a:{b}", "ä:b", "a:b`")),
    *(("mathesar_money", text) for text in ("NaN", "Infinity", "-Infinity", "x", "1,5")),
    *(("multicurrency_money", text) for text in ("(12,eur)", "(12,EU)", "(12,)", "(,EUR)", "(NaN,EUR)", "(12,E€R)")),
    *(("mathesar_json_array", text) for text in ("{}", "1", "null", '"[]"', "[")),
    *(("mathesar_json_object", text) for text in ("[]", "1", "null", "")),
]


@pytest.mark.parametrize(("name", "text"), GOOD)
def test_good_values_are_taken_as_they_are(connection, name, text):
    query = f"SELECT (%s::mathesar_types.{name})::text"
    assert connection.execute(query, [text]).fetchone() == (text,)


@pytest.mark.parametrize(("name", "text"), BAD)
def test_bad_values_are_refused(connection, name, text):
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.DataError)):
        connection.execute(f"SELECT %s::mathesar_types.{name}", [text])


@pytest.mark.parametrize("name", ["email", "uri", "mathesar_money", "multicurrency_money", "mathesar_json_array"])
def test_null_is_a_value_of_each(connection, name):
    assert connection.execute(f"SELECT NULL::mathesar_types.{name} IS NULL").fetchone() == (True,)
    query = f"SELECT mathesar_types.cast_to_{name}(NULL) IS NULL, mathesar_types.cast_to_{name}('  ') IS NULL"
    assert connection.execute(query).fetchone() == (True, True)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("email", "  ada@example.org ", "ada@example.org"),
        ("uri", "example.org", "https://example.org"),
        ("uri", "www.example.org:8000/a", "https://www.example.org:8000/a"),
        ("uri", " ftp://example.org ", "ftp://example.org"),
        ("mathesar_money", "1234.5", "1234.5"),
        ("mathesar_money", "1,234", "1234"),
        ("mathesar_money", "1,234.50", "1234.50"),
        ("mathesar_money", "1,00,000.25", "100000.25"),
        ("mathesar_money", "1.234,50", "1234.50"),
        ("mathesar_money", "1.234.567", "1234567"),
        ("mathesar_money", "1.234", "1.234"),
        ("mathesar_money", "12,5", "12.5"),
        ("mathesar_money", "1 234 567,50", "1234567.50"),
        ("mathesar_money", "1\u00a0234,50\u00a0€", "1234.50"),
        ("mathesar_money", "1'234.50", "1234.50"),
        ("mathesar_money", "$12", "12"),
        ("mathesar_money", "-$12", "-12"),
        ("mathesar_money", "US$ -12", "-12"),
        ("mathesar_money", "₹12", "12"),
        ("mathesar_money", "12 zł", "12"),
        ("mathesar_money", "(12.00)", "-12.00"),
        ("mathesar_money", "\u221212", "-12"),
        ("mathesar_money", ".5", "0.5"),
        ("multicurrency_money", "12.50 EUR", "(12.50,EUR)"),
        ("multicurrency_money", "EUR12,50", "(12.50,EUR)"),
        ("multicurrency_money", "-12 usd", "(-12,USD)"),
        ("multicurrency_money", "(12.50,EUR)", "(12.50,EUR)"),
        ("multicurrency_money", "€ 1,234.50", "(1234.50,EUR)"),
        ("multicurrency_money", "£3", "(3,GBP)"),
        ("mathesar_json_array", " [1]", "[1]"),
        ("mathesar_json_object", '{"a":1}', '{"a": 1}'),
    ],
)
def test_text_is_understood(connection, name, text, value):
    query = f"SELECT mathesar_types.cast_to_{name}(%s)::text"
    assert connection.execute(query, [text]).fetchone() == (value,)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("email", text) for text in ("ada", "Ada <ada@example.org>")),
        *(("uri", text) for text in ("ada", "example.org/a b", "://")),
        *(
            ("mathesar_money", text)
            for text in ("twelve", "1.2.3", "1,2,3", "--1", "(1", "-(1)", "1 2", "12 euros", "$")
        ),
        *(("multicurrency_money", text) for text in ("12", "$12", "12 EURO", "EUR", "12 EUR USD")),
        *(("mathesar_json_array", text) for text in ("{}", "x")),
    ],
)
def test_other_text_is_refused(connection, name, text):
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.DataError)):
        connection.execute(f"SELECT mathesar_types.cast_to_{name}(%s)", [text])


def test_the_composite_type_has_a_real_cast_which_serves_its_domain(connection):
    query = "SELECT CAST('5 EUR'::text AS mathesar_types.{})::text"
    for name in ("multicurrency", "multicurrency_money"):
        assert run(connection, query.format(name)) == [("(5,EUR)",)]


def test_a_column_of_text_becomes_one_of_money(connection):
    run(connection, "CREATE TABLE public.prices (price text); INSERT INTO prices VALUES ('$1,234.50'), (''), (NULL)")
    run(
        connection,
        "ALTER TABLE prices ALTER price TYPE mathesar_types.mathesar_money"
        " USING mathesar_types.cast_to_mathesar_money(price)",
    )
    assert [str(row[0]) for row in run(connection, "SELECT price FROM prices")] == ["1234.50", "None", "None"]


def test_every_role_may_use_them(server, connection):
    run(connection, "CREATE TABLE public.mails (mail mathesar_types.email); GRANT ALL ON mails TO PUBLIC")
    with connect(server, "schema_plain", NAME) as plain:
        run(plain, "INSERT INTO mails VALUES (mathesar_types.cast_to_email('ada@example.org'))")
        assert run(plain, "SELECT mail FROM mails") == [("ada@example.org",)]
