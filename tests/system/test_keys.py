"""Another key, a lost key, a key that takes a wrapped one's place: what stays readable, and what is said."""

from __future__ import annotations

import pytest

from tests.platforms.environments import digitalocean
from tests.postgres import PostgresServer, free_port
from tests.system.inside import inside
from tests.system.process import Mathesar, run

KEY = "5b1d0a7c3e9f48627d1c0b5a9e8f7d6c4b3a29180f7e6d5c4b3a291807f6e5d4"
OTHER = "0187edca81a9246ac2a3b56eec0daefce32e158c511bf49ff924c715ce921488"
ADD = """
import uuid
from mathesar.connections import keyring
from mathesar.connections.credentials import Credentials
from mathesar.connections.models import Database
from provisioner.secret import Secret
row_id = uuid.uuid4()
columns = keyring.seal_for(row_id, Credentials("127.0.0.9", 1, "d", "u", Secret("the-stored-one"), "disable"))
Database.objects.create(pk=row_id, source="ui", name="one", key="one", wants_schema=False, **columns)
"""
READ = """
from mathesar.connections import keyring
from mathesar.connections.models import Database
try:
    print(keyring.open_row(Database.objects.get()).password.get_secret_value())
except keyring.Locked as locked:
    print(locked.finding.code)
"""


@pytest.fixture
def environ(server: PostgresServer, address: str, sslmode: str | None) -> dict[str, str]:
    """Give an install on DigitalOcean, where nobody sets a key, with one stored connection."""
    server.create_role("holder", "First-Passw0rd", "LOGIN")
    server.create_database("keys", owner="holder")
    url = server.url("keys", host=address, sslmode=sslmode, user="holder", password="First-Passw0rd")
    made = {**digitalocean(url), "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}
    assert run(["release"], made).returncode == 0
    inside(ADD, made)
    return made


def boot_row(server: PostgresServer) -> tuple[object, ...]:
    return server.psql("SELECT wrapped_key IS NULL, canary FROM mathesar_internal.boot", "keys")[0]


def test_a_key_takes_the_place_of_the_wrapped_one(server: PostgresServer, environ: dict[str, str]) -> None:
    unkeyed, canary = boot_row(server)
    assert not unkeyed
    keyed = {**environ, "SECRET_KEY": KEY}
    assert run(["release"], keyed).returncode == 0
    moved = boot_row(server)
    assert moved[0]
    assert moved[1] != canary
    assert inside(READ, keyed) == "the-stored-one"
    again = run(["release"], keyed)
    assert "MP516" not in again.stdout
    assert boot_row(server) == moved


def test_an_ordinary_rotation_waits_to_be_asked(server: PostgresServer, environ: dict[str, str]) -> None:
    keyed = {**environ, "SECRET_KEY": KEY}
    run(["release"], keyed)
    rotating = {**environ, "SECRET_KEY": OTHER, "SECRET_KEY_FALLBACKS": KEY}
    before = boot_row(server)
    waiting = run(["release"], rotating)
    assert "mathesar rotate-key" in waiting.stdout
    assert boot_row(server) == before
    assert inside(READ, rotating) == "the-stored-one"
    done = run(["rotate-key"], rotating)
    assert (done.returncode, "1 rotated" in done.stdout) == (0, True), done.stderr
    assert inside(READ, {**environ, "SECRET_KEY": OTHER}) == "the-stored-one"
    assert "rotate-key" not in run(["release"], {**environ, "SECRET_KEY": OTHER}).stdout


def test_another_key_serves_with_the_connection_locked(server: PostgresServer, environ: dict[str, str]) -> None:
    run(["release"], {**environ, "SECRET_KEY": KEY})
    wrong = {**environ, "SECRET_KEY": OTHER, "PORT": str(free_port())}
    stored = server.psql("SELECT sealed, key_id, fingerprint FROM mathesar_internal.connections_database", "keys")
    with Mathesar(wrong) as process:
        process.wait("/readyz")
        assert "MP516" in process.log
    assert inside(READ, wrong) == "MP706"
    rotation = run(["rotate-key"], wrong)
    assert (rotation.returncode, "MP516" in rotation.stderr) == (1, True)
    refusing = run(["start"], {**wrong, "MATHESAR_ON_KEY_MISMATCH": "refuse"})
    assert (refusing.returncode, "MP517" in refusing.stderr) == (1, True)
    assert stored == server.psql(
        "SELECT sealed, key_id, fingerprint FROM mathesar_internal.connections_database", "keys"
    )
    assert inside(READ, {**environ, "SECRET_KEY": KEY}) == "the-stored-one"
