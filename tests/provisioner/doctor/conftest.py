"""A database of the doctor's own, and one role of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mathesar.conftest import server
from tests.postgres import PostgresServer
from tests.provisioner.doctor.seeing import PASSWORD

__all__ = ["server"]
ROLES = ("doctor_owner", "doctor_creator", "doctor_plain")


@pytest.fixture
def shop(server: PostgresServer) -> Iterator[str]:
    """Give the name of an empty database owned by doctor_owner; doctor_creator may CREATE in it."""
    for role in ROLES:
        server.create_role(role, PASSWORD)
    server.create_database("doctor_shop", owner="doctor_owner")
    server.psql("GRANT CREATE ON DATABASE doctor_shop TO doctor_creator")
    yield "doctor_shop"
    server.psql("DROP DATABASE doctor_shop WITH (FORCE)")
    for role in ROLES:
        server.psql(f"DROP ROLE {role}")
