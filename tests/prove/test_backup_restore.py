"""Backups of real installs: between engines, under writers, through a pooler, with every kind of key."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
import threading
import zipfile
from pathlib import Path

import psycopg
import pytest

from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.platforms.environments import digitalocean
from tests.postgres import PostgresServer
from tests.system.conftest import address, server, sslmode
from tests.system.inside import inside
from tests.system.process import COMMAND, ROOT, run
from tests.system.test_keys import ADD, KEY, OTHER, READ
from tests.terminal import at_terminal
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts, in_postgres, in_sqlite
from tests.upgrade.looking import everything, look

__all__ = ["address", "server", "sslmode"]
pytestmark = pytest.mark.prove

MADE = VERSIONS[-1]
PHRASE = {"MATHESAR_BACKUP_PASSPHRASE": "correct horse battery staple"}
REPLACE = ["--replace", "--noinput"]


def piped(words: list[str], environ: dict[str, str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command between two pipes."""
    with tempfile.TemporaryDirectory(prefix="mts") as home:
        return subprocess.run(
            [*COMMAND, *words], cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": home, **environ}, input=given,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip


def tables(backup: bytes) -> dict[str, str]:
    """Return a backup's rows, as text, by table."""
    with zipfile.ZipFile(io.BytesIO(backup)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("tables/")}


def backed_up(environ: dict[str, str]) -> bytes:
    """Return a backup that went through a pipe."""
    done = piped(["backup", "-"], environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def moved(words: list[str], environ: dict[str, str], backup: bytes) -> str:
    """Restore a backup from a pipe; return what was said."""
    done = piped(["restore", "-", *words], environ, backup)
    assert done.returncode == 0, done.stderr
    return done.stderr.decode()


def test_from_sqlite_to_postgresql_and_back(server: PostgresServer, tmp_path: Path) -> None:
    known = facts(MADE)
    start = in_sqlite(MADE, tmp_path / "start")
    first = backed_up(start)
    place = {"MATHESAR_INTERNAL_DATABASE_URL": server.create_database("moved"), "MATHESAR_DATA_DIR": str(tmp_path)}
    there = {**environ_of(known), **place}
    assert "by the present key" in moved([], there, first)
    # new rows get new numbers
    made = run(["createsuperuser", "--noinput", "--username", "new"],
               {**there, "DJANGO_SUPERUSER_PASSWORD": "a long pass phrase 1815"})  # fmt: skip
    assert made.returncode == 0, made.stderr
    moved(REPLACE, there, first)
    second = backed_up(there)
    assert tables(second) == tables(first)
    back = {**environ_of(known), "MATHESAR_DATA_DIR": str(tmp_path / "back")}
    moved([], back, second)
    assert tables(backed_up(back)) == tables(first)
    assert look(back, known, "sqlite") == everything(known)
    text = b"".join(name.encode() for name in tables(first).values()) + first
    secrets = [each["password"] for each in known["stored"].values()] + [known["secret_key"], known["tokens"]["sqlite"]]
    for secret in [*secrets, *(password for _, password in known["people"].values()), "env-Passw0rd"]:
        assert secret.encode() not in text


def test_what_is_refused_changes_nothing(tmp_path: Path) -> None:
    environ = in_sqlite(MADE, tmp_path / "data")
    good = backed_up(environ)
    text = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(text, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps(json.loads(content) | {"mathesar": "0.1.1"}).encode()
            new.writestr(name, content)
    for words, backup, code in (
        ([], good, b"MP527"),
        ([*REPLACE, "--unsigned"], text.getvalue(), b"its signature is wrong"),
        (REPLACE, good[: len(good) // 2], b"MP526"),
        (REPLACE, text.getvalue(), b"its signature is wrong"),
        (["--replace"], good, b"--noinput"),
    ):
        refused = piped(["restore", "-", *words], environ, backup)
        assert (refused.returncode, code in refused.stderr) == (1, True), refused.stderr
        assert b"Traceback" not in refused.stderr
    assert tables(backed_up(environ)) == tables(good)
    never = run(["backup", str(tmp_path / "no.zip")], {"MATHESAR_DATA_DIR": str(tmp_path / "never")})
    assert (never.returncode, "MP523" in never.stderr) == (1, True)
    assert not (tmp_path / "no.zip").exists()
    assert not (tmp_path / "never" / "mathesar.sqlite3").exists()


def test_a_key_that_is_in_the_database(
    server: PostgresServer, address: str, sslmode: str | None, tmp_path: Path
) -> None:
    """An install where nobody set SECRET_KEY: its wrapped key opens under its own database's password alone."""

    def place(name: str, password: str) -> dict[str, str]:
        server.create_role(name, password, "LOGIN")
        server.create_database(name, owner=name)
        url = server.url(name, host=address, sslmode=sslmode, user=name, password=password)
        return {**digitalocean(url), "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}

    start = place("inside_a", "First-Passw0rd")
    assert run(["release"], start).returncode == 0
    inside(ADD, start)
    plain = piped(["backup", "-"], start)
    assert b"MP530" in plain.stderr
    complete = backed_up({**start, **PHRASE})
    same = place("inside_b", "First-Passw0rd")
    assert "MP529" not in moved([], same, plain.stdout)
    assert inside(READ, same) == "the-stored-one"
    other = place("inside_c", "Second-Passw0rd")
    refused = piped(["restore", "-"], other, plain.stdout)
    assert (refused.returncode, b"MP535" in refused.stderr) == (1, True)
    assert "MP529" in moved(["--unsigned"], other, plain.stdout)
    assert run(["release"], other).returncode == 0
    assert inside(READ, other) == "MP706"
    assert "sealed anew" in moved(REPLACE, {**other, **PHRASE}, complete)
    released = run(["release"], other)
    assert (released.returncode, "MP516" in released.stdout) == (0, False)
    assert inside(READ, other) == "the-stored-one"
    keyed = {"SECRET_KEY": KEY, "MATHESAR_DATA_DIR": str(tmp_path), "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}
    assert "sealed anew" in moved([], {**keyed, **PHRASE}, complete)
    assert inside(READ, keyed) == "the-stored-one"
    assert b"Passw0rd" not in plain.stderr + plain.stdout


def test_another_key_and_the_earlier_one_later(tmp_path: Path) -> None:
    known = {"SECRET_KEY": KEY, "MATHESAR_DATA_DIR": str(tmp_path / "a"), "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}
    inside(ADD, known)
    backup = backed_up(known)
    there = {**known, "SECRET_KEY": OTHER, "MATHESAR_DATA_DIR": str(tmp_path / "b")}
    refused = piped(["restore", "-"], there, backup)
    assert (refused.returncode, b"MP535" in refused.stderr) == (1, True)
    with_earlier = {**there, "SECRET_KEY_FALLBACKS": KEY}
    assert "by the present key" in moved([], with_earlier, backup)
    said = moved([*REPLACE, "--unsigned"], there, backup)
    assert "MP529" in said
    assert "signature could not be checked" in said
    assert inside(READ, there) == "MP706"
    assert inside(READ, with_earlier) == "the-stored-one"
    assert run(["rotate-key"], with_earlier).returncode == 0
    assert inside(READ, there) == "the-stored-one"


def test_a_passphrase_brings_every_key_that_is_needed(tmp_path: Path) -> None:
    """A rotation that is not over: some connections are under the key before."""
    known = facts(MADE)
    complete = backed_up({**in_sqlite(MADE, tmp_path / "a"), **PHRASE})
    there = {**environ_of(known), "SECRET_KEY": OTHER, "MATHESAR_DATA_DIR": str(tmp_path / "b")}
    del there["SECRET_KEY_FALLBACKS"]
    keyless = piped(["restore", "-", "--unsigned"], {**there, **PHRASE}, (FOLDER / MADE / "backup.zip").read_bytes())
    assert (keyless.returncode, b"MP536" in keyless.stderr) == (1, True)
    wrong = {**there, "MATHESAR_BACKUP_PASSPHRASE": "correct horse battery stable"}
    refused = piped(["restore", "-"], wrong, complete)
    assert (refused.returncode, b"MP532" in refused.stderr) == (1, True)
    assert "All 3 stored connections are sealed anew" in moved([], {**there, **PHRASE}, complete)
    assert look(there, known, "sqlite") == everything(known)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_one_moment_while_others_write(engine: str, server: PostgresServer, tmp_path: Path) -> None:
    """A writer changes two tables in one transaction, again and again: a backup has both of one moment."""
    environ = (
        in_sqlite(MADE, tmp_path) if engine == "sqlite" else in_postgres(MADE, server, "one_moment", tmp_path)
    )  # fmt: skip
    stop, rounds = threading.Event(), 0

    def write() -> None:
        nonlocal rounds
        import sqlite3

        if engine == "sqlite":
            connection = sqlite3.connect(tmp_path / "mathesar.sqlite3", isolation_level=None, timeout=30)
        else:
            connection = psycopg.connect(environ["MATHESAR_INTERNAL_DATABASE_URL"], autocommit=True)
            connection.execute("SET search_path = mathesar_internal")
        while not stop.is_set():
            rounds += 1
            connection.execute("BEGIN")
            connection.execute(f"UPDATE accounts_apitoken SET name = 'round {rounds}'")
            connection.execute(f"UPDATE connections_database SET label = 'round {rounds}'")
            connection.execute("COMMIT")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            found = tables(backed_up(environ))
            (token,) = found["tables/accounts.apitoken.jsonl"].splitlines()
            round_of = next(each for each in json.loads(token) if str(each).startswith("round "))
            rows = found["tables/connections.database.jsonl"].splitlines()
            assert all(round_of in json.loads(row) for row in rows), (round_of, rows)
    finally:
        stop.set()
        writer.join()
    assert rounds > 50


def test_through_a_transaction_pooler(server: PostgresServer, tmp_path: Path) -> None:
    if find_pgbouncer() is None:
        pytest.skip(ABSENT)
    known = facts(MADE)
    direct = in_postgres(MADE, server, "pooled_a", tmp_path)
    server.create_database("pooled_b")
    with PgBouncer(server, pool_size=5) as pooler:
        backup = backed_up({**direct, "MATHESAR_INTERNAL_DATABASE_URL": pooler.url("pooled_a")})
        there = {**direct, "MATHESAR_INTERNAL_DATABASE_URL": pooler.url("pooled_b")}
        moved([], there, backup)
        assert look(there, known, "postgresql") == everything(known)
    assert server.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "pooled_b") == [(0,)]


def test_at_a_terminal_it_asks_and_counts(tmp_path: Path) -> None:
    environ = in_sqlite(MADE, tmp_path / "data")
    path = tmp_path / "one.zip"
    made = run(["backup", f"{tmp_path}/data/../one.zip"], environ)
    assert (made.returncode, f"into {path}." in " ".join(made.stderr.split())) == (0, True)
    for answer, code, said in (("n", 1, "Nothing was changed."), ("y", 0, "Restored ")):
        words = [*COMMAND, "restore", str(path), "--replace"]
        status, shown = at_terminal(words, {"HOME": str(tmp_path), **environ}, [("[y/N]", answer)])
        assert status == code, shown
        assert "2 people, 3 stored connections" in shown
        assert said in shown
        assert (" rows\r\nRestored" in shown) == (code == 0)  # the counter ends its line
