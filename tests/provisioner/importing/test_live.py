"""The imported URL signs in where the old one did: a real server, and a password of nasty characters."""

from __future__ import annotations

import psycopg

from provisioner.dsn import parse_database_url
from provisioner.importing.writing import quoted
from tests.postgres import PostgresServer
from tests.provisioner.importing import importing

PASSWORD = "p@ss/w:rd #1%2?&=|(x),$HOME\\ 'q' \"ü€"


def test_the_same_role_signs_in_to_the_same_database(server: PostgresServer) -> None:
    server.create_role("import old", PASSWORD)
    server.create_database("import/old", owner="import old")
    try:
        parts = {
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(server.port),
            "POSTGRES_USER": "import old",
            "POSTGRES_PASSWORD": PASSWORD,
            "POSTGRES_DB": "import/old",
        }
        text = "".join(f"{name}={quoted(value)}\n" for name, value in parts.items())
        url = parse_database_url(
            importing.values(importing.convert_text(text))["MATHESAR_INTERNAL_DATABASE_URL"], profile="local"
        )
        assert url is not None
        with psycopg.connect(**url.conninfo()) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (
                "import old",
                "import/old",
            )
    finally:
        server.psql('DROP DATABASE "import/old" WITH (FORCE)')
        server.psql('DROP ROLE "import old"')
