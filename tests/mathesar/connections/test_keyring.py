"""Stored credentials: nothing readable in the database, nothing that opens elsewhere or altered."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import replace

import pytest

from provisioner.secret import Secret
from tests.mathesar import plans


def credentials(number: int = 0):
    from mathesar.connections.credentials import Credentials

    secret = Secret(f"Tr0ub4dor&{number}")
    return Credentials(f"db{number}.customers.example", 5432, f"ledger{number}", f"clerk{number}", secret, "require")


def stored(number: int = 0):
    """Store a row as `add` does."""
    from mathesar.connections import keyring
    from mathesar.connections.models import Database

    row_id = uuid.uuid4()
    columns = keyring.seal_for(row_id, credentials(number))
    return Database.objects.create(pk=row_id, source="ui", name=f"n{number}", key=f"n{number}", **columns)


def test_round_trip(plan: plans.Plan) -> None:
    from mathesar.connections import keyring

    assert keyring.open_row(stored(3)) == credentials(3)


def test_every_swap_among_100_rows_is_refused(plan: plans.Plan) -> None:
    from mathesar.connections import keyring

    rows = [stored(number) for number in range(100)]
    texts = [(row.key_id, row.sealed) for row in rows]
    for place, row in enumerate(rows):
        for other, (key_id, sealed) in enumerate(texts):
            row.key_id, row.sealed = key_id, sealed
            if place == other:
                assert keyring.open_row(row) == credentials(place)
                continue
            with pytest.raises(keyring.Locked):
                keyring.open_row(row)


def test_every_flip_of_a_bit_is_refused(plan: plans.Plan) -> None:
    from mathesar.connections import keyring

    row = stored()
    whole, key_id = row.sealed, row.key_id
    for column, text in (("sealed", whole), ("key_id", key_id)):
        for place in range(len(text)):
            for bit in range(7):
                changed = text[:place] + chr(ord(text[place]) ^ 1 << bit) + text[place + 1 :]
                setattr(row, column, changed)
                with pytest.raises(keyring.Locked):
                    keyring.open_row(row)
        setattr(row, column, text)
    version, kid, encoded = whole.split(".")
    body = base64.b64decode(encoded)
    for place in range(len(body)):
        for bit in range(8):
            flipped = body[:place] + bytes([body[place] ^ 1 << bit]) + body[place + 1 :]
            row.sealed = f"{version}.{kid}.{base64.b64encode(flipped).decode()}"
            with pytest.raises(keyring.Locked):
                keyring.open_row(row)
    row.sealed = whole
    assert keyring.open_row(row) == credentials()


def test_another_install_cannot_open_it(plan: plans.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    from mathesar.connections import keyring

    row = stored()
    monkeypatch.setattr(keyring, "_install", lambda: uuid.UUID(int=7))
    with pytest.raises(keyring.Locked):
        keyring.open_row(row)


def test_an_earlier_key_opens_and_another_locks(plan: plans.Plan) -> None:
    from mathesar import current
    from mathesar.connections import keyring

    row = stored()
    current.set_plan(plan, Secret("n" * 50), (Secret(plans.KEY),))
    assert keyring.open_row(row) == credentials()
    assert row.key_id != keyring.current_key_id()
    current.set_plan(plan, Secret("n" * 50))
    with pytest.raises(keyring.Locked) as locked:
        keyring.open_row(row)
    assert locked.value.finding.code == "MP706"


def test_a_dump_holds_nothing_of_it(plan: plans.Plan, site) -> None:
    from django.db import connection

    from tests.mathesar.site import INTERNAL

    rows = [stored(number) for number in range(20)]
    connection.close()
    tables = site.psql(
        "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables"
        " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')",
        INTERNAL,
    )
    dump = "\n".join(str(site.psql(f"SELECT t::text FROM {table} t", INTERNAL)) for (table,) in tables)
    assert rows[0].sealed in dump
    for number in range(20):
        given = credentials(number)
        for secret in (given.host, given.username, given.password.get_secret_value(), given.dbname):
            assert secret not in dump
            assert base64.b64encode(secret.encode()).decode().rstrip("=") not in dump
            assert secret.encode().hex() not in dump


def test_nothing_shows_in_repr(plan: plans.Plan) -> None:
    given = replace(credentials(), ca="-----BEGIN CERTIFICATE-----")
    assert repr(given) == str(given) == "Credentials(***)"
    assert json.loads(given.dump())["password"] == "Tr0ub4dor&0"
    assert "Tr0ub4dor" not in str(given.fields())
