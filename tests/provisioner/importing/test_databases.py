"""What must never happen to the internal database, and where a list is mended."""

from __future__ import annotations

import pytest

from provisioner.importing.databases import UNKNOWN
from provisioner.importing.outcome import Old, Read
from provisioner.secret import Secret
from tests.provisioner.importing import importing

INTERNAL = "MATHESAR_INTERNAL_DATABASE_URL"


def convert(**old: str):
    return importing.convert_read(Read(tuple(Old(name, Secret(value), ".env:1") for name, value in old.items())))


@pytest.mark.parametrize(
    "old",
    [
        {"DJANGO_DATABASE_URL": "postgresql://u:p\x00w@db.example.com/x"},
        {"POSTGRES_HOST": "db.example.com", "POSTGRES_PASSWORD": "bell\x07"},
        {"POSTGRES_HOST": "db.example.com", "POSTGRES_PORT": "0"},
        {"POSTGRES_HOST": "a b", "POSTGRES_PASSWORD": "s3cretPW"},
        {"POSTGRES_HOST": "one,two", "POSTGRES_PORT": "1,2,3"},
        {"POSTGRES_HOST": "db.example.com", "POSTGRES_SSLMODE": "sometimes"},
    ],
)
def test_a_database_that_cannot_be_named_stops_the_start(old: dict[str, str]) -> None:
    imported = convert(**old)
    assert importing.values(imported)[INTERNAL] == UNKNOWN
    assert imported.failed
    assert imported.examination.plan is None
    assert {each.fate for each in imported.outcomes} == {"dropped"}


def test_a_password_in_a_containers_file_is_not_taken_for_the_default() -> None:
    imported = convert(POSTGRES_HOST="db.example.com", POSTGRES_PASSWORD_FILE="/run/secrets/password")
    assert importing.values(imported)[INTERNAL] == UNKNOWN
    assert imported.examination.plan is None


@pytest.mark.parametrize(
    ("host", "port", "place"),
    [
        ("one.example.com,two.example.com", "6000", "one.example.com:6000,two.example.com:6000"),
        ("one.example.com,two.example.com", "6000,6001", "one.example.com:6000,two.example.com:6001"),
        ("[2001:db8::1]", "5432", "[2001:db8::1]:5432"),
        ("2001:db8::1", "5432", "[2001:db8::1]:5432"),
        ("/var/run/postgresql", "5432", "%2Fvar%2Frun%2Fpostgresql:5432"),
    ],
)
def test_places(host: str, port: str, place: str) -> None:
    imported = convert(POSTGRES_HOST=host, POSTGRES_PORT=port, POSTGRES_PASSWORD="s3cretPW")
    assert importing.values(imported)[INTERNAL] == f"postgresql://mathesar:s3cretPW@{place}/mathesar_django"
    assert imported.examination.plan is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(a|postgresql://u:p(w)1@h/x)", "(a|postgresql://u:p%28w%291@h/x)"),
        (
            "(a|postgresql://u:pw@h/x), (b|postgresql://u:(pw@h/y)",
            "(a|postgresql://u:pw@h/x),(b|postgresql://u:%28pw@h/y)",
        ),
        ("(a|postgresql://u:p,w(1)@h/x)", "(a|postgresql://u:p,w(1)@h/x)"),
        ("(a|postgresql://u:p|w(1)@h/x)", "(a|postgresql://u:p|w(1)@h/x)"),
        ("nonsense", "nonsense"),
    ],
)
def test_brackets(old: str, new: str) -> None:
    assert importing.values(convert(MATHESAR_DATABASES=old))["MATHESAR_DATABASES"] == new


def test_todays_names_win_over_old_ones() -> None:
    own = "postgresql://u:ownPW@db.example.com/own"
    imported = convert(
        DATABASE_URL=own, DJANGO_DATABASE_URL="postgresql://u:other@db.example.com/other", POSTGRES_PASSWORD="ownPW"
    )
    assert importing.values(imported) == {"DATABASE_URL": own}
    assert [each.fate for each in imported.outcomes] == ["kept", "dropped", "merged"]
    assert [each.name for each in imported.left] == ["DJANGO_DATABASE_URL"]
