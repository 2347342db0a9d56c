"""The embedded PostgreSQL, for real: made once, found again, kept over crashes, shared, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from mathesar import embedded
from mathesar.embedded import account, binaries, cluster, sample, server

COUNTS = "SELECT (SELECT count(*) FROM books), (SELECT count(*) FROM members), (SELECT count(*) FROM loans)"


def ask(running: embedded.EmbeddedServer, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(**running.entry.url.conninfo()) as connection:
        result = connection.execute(statement.encode())
        return result.fetchall() if result.description else []


def server_pid(running: embedded.EmbeddedServer) -> int:
    return int((running.cluster.data / "postmaster.pid").read_text().split()[0])


def test_a_first_start_gives_the_sample_and_a_restart_keeps_what_a_person_changed(data_dir: Path) -> None:
    running = embedded.start(data_dir)
    assert running.entry.name == "sample"
    assert ask(running, COUNTS) == [(80, 60, 420)]
    ask(running, "UPDATE books SET title = 'Mine' WHERE id = 1; DROP TABLE fines")
    running.stop()
    assert not server.is_running(running.cluster)

    again = embedded.start(data_dir)
    try:
        assert ask(again, "SELECT title, to_regclass('fines') FROM books WHERE id = 1") == [("Mine", None)]
        assert again.entry.url == running.entry.url
    finally:
        again.stop()


def test_only_the_owner_can_reach_it(data_dir: Path) -> None:
    running = embedded.start(data_dir)
    try:
        assert ask(running, "SHOW listen_addresses") == [("",)]
        assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
        assert ask(running, "SHOW server_encoding") == [("UTF8",)]
        ours = running.cluster
        for private in (ours.data, ours.socket_folder, ours.home / "password"):
            assert stat.S_IMODE(private.stat().st_mode) & 0o077 == 0, private
        keywords = {**running.entry.url.conninfo(), "password": "wrong"}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**keywords)
        secret = running.cluster.password().get_secret_value()
        assert secret not in repr(running)
        assert secret not in str(running.entry)
    finally:
        running.stop()


def test_a_server_left_by_a_crash_of_ours_is_found_again(data_dir: Path) -> None:
    script = (
        "import os, pathlib, sys; from mathesar import embedded\n"
        "embedded.start(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run([sys.executable, "-c", script, str(data_dir)], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    pid = int(next(data_dir.glob("postgres/*/data/postmaster.pid")).read_text().split()[0])
    running = embedded.start(data_dir)
    assert server_pid(running) == pid
    assert ask(running, COUNTS) == [(80, 60, 420)]
    running.stop()
    assert not server.is_running(running.cluster)


def test_a_crash_of_the_server_leaves_a_stale_file_that_does_not_matter(data_dir: Path) -> None:
    running = embedded.start(data_dir)
    pidfile = running.cluster.data / "postmaster.pid"
    lines = pidfile.read_text().splitlines()
    running.stop()
    lines[0] = str(os.getpid())  # the number now belongs to another program
    pidfile.write_text("\n".join(lines) + "\n")
    shutil.chown(pidfile, *(running.cluster.account.uid, running.cluster.account.gid))
    again = embedded.start(data_dir)
    try:
        assert ask(again, COUNTS) == [(80, 60, 420)]
    finally:
        again.stop()


def test_several_starts_at_once_share_one_server_and_the_last_user_stops_it(data_dir: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(embedded.start, [data_dir] * 4))
    assert len({server_pid(running) for running in servers}) == 1
    for running in servers[:-1]:
        running.stop()
        assert ask(servers[-1], "SELECT 1") == [(1,)]
    servers[-1].stop()
    servers[-1].stop()
    assert not server.is_running(servers[-1].cluster)


def test_it_lives_in_a_session_of_its_own_so_a_ctrl_c_does_not_reach_it(data_dir: Path) -> None:
    running = embedded.start(data_dir)
    try:
        assert os.getsid(server_pid(running)) != os.getsid(0)
    finally:
        running.stop()


def test_the_password_is_on_the_disk_before_it_has_its_name(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut must not leave an empty file in its place: it is made once."""
    made = cluster.Cluster(data_dir, binaries.choose([]), account.choose({}, data_dir / "data"))
    fresh, final = data_dir / "password.new", data_dir / "password"
    synced: list[tuple[bool, int, bool]] = []
    really = os.fsync

    def note(descriptor: int) -> None:
        really(descriptor)
        found = os.fstat(descriptor)
        synced.append((os.path.samestat(found, fresh.stat()), found.st_size, final.exists()))

    monkeypatch.setattr(os, "fsync", note)
    made._make_password()
    assert synced == [(True, len(made.password().get_secret_value()), False)]


def test_a_long_or_odd_path_still_works(data_dir: Path) -> None:
    deep = data_dir / ("d" * 90) / "it's a folder with 100% odd, names"
    running = embedded.start(deep)
    try:
        assert len(os.fsencode(running.cluster.socket_folder / f".s.PGSQL.{cluster.PORT}")) <= 100
        assert ask(running, COUNTS) == [(80, 60, 420)]
    finally:
        running.stop()
        shutil.rmtree(running.cluster.socket_folder)


def test_a_postgresql_of_the_machine_serves_as_well(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    try:
        expected = binaries.choose([]).major
    except embedded.BinariesMissing:
        pytest.skip("no PostgreSQL server is installed on this machine")
    running = embedded.start(data_dir)
    try:
        assert running.cluster.home.name == str(expected)
        assert ask(running, COUNTS) == [(80, 60, 420)]
    finally:
        running.stop()


def test_a_start_that_is_interrupted_leaves_no_server(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(cluster: cluster.Cluster) -> None:
        assert server.is_running(cluster)
        raise KeyboardInterrupt

    monkeypatch.setattr(sample, "ensure", interrupt)
    with pytest.raises(KeyboardInterrupt):
        embedded.start(data_dir)
    assert not list(data_dir.glob("postgres/*/data/postmaster.pid"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root copies the programs")
def test_programs_of_an_earlier_minor_version_are_removed(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    home = next(data_dir.glob("postgres/*"))
    (home / "software-1.0").mkdir()
    embedded.start(data_dir).stop()
    assert not (home / "software-1.0").exists()


def test_a_path_that_initdb_itself_cannot_have_is_named(data_dir: Path) -> None:
    programs = binaries.Binaries(data_dir / "a$b" / "bin", "18.6", bundled=False)
    unusable = cluster.Cluster(data_dir / "home", programs, account.choose({}, data_dir / "absent"))
    with pytest.raises(embedded.EmbeddedError, match="initdb cannot run from"):
        unusable.prepare()


def test_data_of_another_major_version_are_refused_and_left_alone(data_dir: Path) -> None:
    other = data_dir / "postgres" / "99" / "data"
    other.mkdir(parents=True)
    (other / "PG_VERSION").write_text("99\n")
    with pytest.raises(embedded.VersionChanged, match=r"PostgreSQL 99.*No data was touched.*postgres/99"):
        embedded.start(data_dir)
    assert sorted(path.name for path in (data_dir / "postgres").iterdir()) == ["99"]


def test_a_kill_in_the_middle_of_the_first_start_is_made_good(data_dir: Path) -> None:
    running = embedded.start(data_dir)
    running.stop()
    shutil.rmtree(running.cluster.data)
    (running.cluster.home / "data.new").mkdir()
    (running.cluster.home / "data.new" / "PG_VERSION").touch()
    again = embedded.start(data_dir)
    try:
        assert ask(again, COUNTS) == [(80, 60, 420)]
    finally:
        again.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to another account")
def test_a_closed_folder_is_named(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(embedded.AccountUnusable, match=f"cannot enter {closed}"):
        embedded.start(closed / "mathesar")


def test_a_data_directory_that_cannot_be_made_is_said_plainly(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(embedded.EmbeddedError, match="data directory cannot be used"):
        embedded.start(data_dir / "file")
