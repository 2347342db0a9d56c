"""What a connection is told: everything, so that nothing of the machine adds to it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import pq

from provisioner import DatabaseUrl, parse_database_url
from tests.postgres import PASSWORD, SUPERUSER, PostgresServer

URL = "postgresql://app:s3cretPW12@db.example.com/mathesar"
# a service cannot be closed by a parameter; the others are newer than the oldest libpq that we accept, or
# can only make a connection stricter
NOT_CLOSED = {
    "service",
    "gsslib",
    "gssdelegation",
    "sslnegotiation",
    "sslcompression",
    "min_protocol_version",
    "max_protocol_version",
    "require_auth",
}


def read(value: str) -> DatabaseUrl:
    url = parse_database_url(value, profile="local")
    assert url is not None
    return url


def test_every_keyword_with_a_variable_is_said() -> None:
    with_variable = {option.keyword.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    assert with_variable - NOT_CLOSED <= set(read(URL).conninfo())


@pytest.mark.parametrize(
    ("query", "sslmode", "roots"),
    [
        ("", "prefer", ""),
        ("?sslmode=require", "require", ""),
        ("?sslmode=verify-full", "verify-full", "system"),
        ("?sslrootcert=system", "verify-full", "system"),
    ],
)
def test_tls(query: str, sslmode: str, roots: str) -> None:
    words = read(URL + query).conninfo()
    assert (words["sslmode"], words["sslrootcert"]) == (sslmode, roots)


def test_parameters_of_the_url_win() -> None:
    words = read(URL + "?connect_timeout=10&gssencmode=prefer").conninfo()
    assert (words["connect_timeout"], words["gssencmode"]) == ("10", "prefer")


def test_the_machines_variables_add_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with PostgresServer() as server:
        value = server.url(user=SUPERUSER, password=PASSWORD, dbname="postgres")
        for name, ambient in (
            ("PGHOSTADDR", "203.0.113.1"),
            ("PGOPTIONS", "-c search_path=elsewhere"),
            ("PGAPPNAME", "ambient"),
            ("PGSSLROOTCERT", "/nonexistent"),
            ("PGTARGETSESSIONATTRS", "standby"),
        ):
            monkeypatch.setenv(name, ambient)
        with psycopg.connect(**read(value).conninfo()) as connection:  # type: ignore[arg-type]
            row = connection.execute("select current_setting('search_path'), current_setting('application_name')")
            assert row.fetchone() == ('"$user", public', "mathesar")
