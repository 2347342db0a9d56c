"""A session: what each variable comes from, and what is made up."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.recipes import ALPHABETS, Recipe
from provisioner.rehearsal import naming
from provisioner.rehearsal.address import own_address
from provisioner.rehearsal.server import Server
from provisioner.rehearsal.session import Session, make_up
from provisioner.rehearsal.wanted import Asked, Given, MadeUp, OfApp, OfDatabase

from . import tiny

RECIPE = Recipe("", "hex", 40)
PARTS = ("url", "host", "port", "user", "password", "name", "ca")
ENVS: dict[str, Any] = {
    "FIXED": Given("a b=c"),
    "BLANK": Given(""),
    "SECRET": MadeUp(RECIPE),
    "OTHER": MadeUp(RECIPE),
    "HOST": OfApp(),
    "URL": OfApp(url=True),
    "ASKED": Asked(default="d"),
    "ANSWERED": Asked(default="d"),
    "UNANSWERED": Asked(),
    **{f"DB_{part.upper()}": OfDatabase(part) for part in PARTS},  # type: ignore[arg-type]
}


@pytest.fixture
def session(server: Server):
    asked = tiny.wanted(envs=ENVS)
    with tiny.Keeper() as keeper, Session(
        asked, tiny.HABITS, keeper, tiny.Timeline(), answers={"ANSWERED": "by me", "NOBODYS": "x"}
    ) as made:  # fmt: skip
        made.prepare()
        yield made


def test_every_origin(session: Session):
    env = session.environ(1234)
    assert (env["FIXED"], env["BLANK"]) == ("a b=c", "")
    assert (env["HOST"], env["URL"]) == ("app.tiny.example", "https://app.tiny.example")
    assert (env["ASKED"], env["ANSWERED"]) == ("d", "by me")
    assert "UNANSWERED" not in env
    assert "NOBODYS" not in env
    assert (env["PORT"], env["TINY"]) == ("1234", "app")
    assert env["SECRET"] != env["OTHER"]
    assert session.environ(5)["SECRET"] == env["SECRET"]  # once, then kept
    assert env["SECRET"] != session.make_another("SECRET")
    with pytest.raises(ValueError, match="not generated"):
        session.make_another("FIXED")


def test_the_database_parts_lead_to_it(session: Session):
    env = session.environ(1)
    assert (env["DB_USER"], env["DB_NAME"]) == ("app", "app")
    assert env["DB_HOST"] == ("db.tiny.internal" if naming.possible() else own_address())
    url = urlsplit(env["DB_URL"])
    assert (url.hostname, str(url.port), url.password) == (env["DB_HOST"], env["DB_PORT"], env["DB_PASSWORD"])
    root = session.keeper.folder / "ca.pem"
    root.write_text(env["DB_CA"])
    place = {"hostaddr": own_address(), "sslmode": "verify-full", "sslrootcert": str(root)}
    with psycopg.connect(env["DB_URL"], **place) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("app",)


def test_what_was_changed_comes_last(session: Session):
    session.changed |= {"FIXED": "new", "SECRET": None, "MORE": "added", "NEVER_THERE": None, "PORT": "1"}
    env = session.environ(1234)
    assert (env["FIXED"], env["MORE"], env["PORT"]) == ("new", "added", "1")
    assert "SECRET" not in env
    assert "NEVER_THERE" not in env
    session.changed.clear()
    assert session.environ(1234)["FIXED"] == "a b=c"


def test_an_origin_that_is_not_known(session: Session):
    with pytest.raises(TypeError, match="ODD"):
        session._value("ODD", SimpleNamespace())


def test_a_rotation_reaches_the_next_instance(session: Session):
    before = session.environ(1)
    session.role = session.server.rotate(session.role)
    after = session.environ(1)
    assert {name for name in before if before[name] != after[name]} == {"DB_URL", "DB_PASSWORD"}


def test_another_database(session: Session):
    second = session.server.make_role("second", "second", session.habits.privileges)
    with psycopg.connect(session.url_of(second), hostaddr=own_address()) as connection:
        assert connection.info.dbname == "second"


def test_names(session: Session):
    assert session.names == ({"db.tiny.internal": own_address()} if naming.possible() else {})


def test_without_a_release_nobody_serves(session: Session):
    assert tiny.visitor(session).visit("/").status == 503
    session.stop()  # nothing to stop
    assert "stop" not in [step.name for step in session.timeline.steps]


def test_its_end_closes_gate_and_edge(server: Server):
    import socket

    with tiny.session(tiny.wanted()) as session:
        places = [(own_address(), session.gate.port), ("127.0.0.1", session.edge.port)]
        folder = session.keeper.folder
    for place in places:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place, timeout=5)
    assert not folder.exists()


@given(st.sampled_from(sorted(ALPHABETS)), st.integers(1, 100))
def test_what_is_made_up_has_its_shape(alphabet: str, length: int):
    made = make_up(Recipe("", alphabet, length))
    assert len(made) == length
    assert set(made) <= set(ALPHABETS[alphabet])


@given(st.integers(1, 64), st.sampled_from(["base64", "base64url"]))
def test_padded_base64_decodes_to_whole_bytes(count: int, alphabet: str):
    padding = -count % 3
    length = (count + 2) // 3 * 4
    made = make_up(Recipe("", alphabet, length, padding))
    assert len(made) == length
    assert made.endswith("=" * padding)
    assert not made.endswith("=" * (padding + 1))
    assert set(made.rstrip("=")) <= set(ALPHABETS[alphabet])
    decoded = (base64.b64decode if alphabet == "base64" else base64.urlsafe_b64decode)(made)
    assert len(decoded) == count


@given(st.sampled_from(sorted(ALPHABETS)), st.integers(16, 64))
def test_no_two_are_the_same(alphabet: str, length: int):
    assert len({make_up(Recipe("", alphabet, length)) for _ in range(5)}) == 5
