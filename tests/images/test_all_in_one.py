"""The image with PostgreSQL inside: one volume holds everything, through restarts and upgrades, and clear words."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.images.container import RIGHTS, Container, podman
from tests.postgres import free_port

pytestmark = pytest.mark.prove

HEADERS = {"Host": "localhost"}
SETUP = re.compile(r"Setup code: \S+  Open (http://localhost:\d+/setup#\S+)")
STATE = ["pg_controldata", "-D", "/var/lib/mathesar/postgres/18/data"]
CREATE = "CREATE TABLE kept (id int PRIMARY KEY, word text); INSERT INTO kept VALUES (1, 'still here')"


def start(image: str, volume: str, *options: str, claimed: bool = False) -> Container:
    """Start it with its volume; wait until it is ready, and has said how it is claimed unless it is."""
    running = Container(image, {"PORT": str(free_port())}, "--volume", f"{volume}:/var/lib/mathesar", *options)
    running.wait("/readyz", HEADERS)
    running.wait_for_line("Mathesar is ready: " if claimed else "Setup code: ")
    return running


def once(image: str, *options: str, command: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    port = ("--env", f"PORT={free_port()}")
    return podman("run", "--rm", "--network", "host", *RIGHTS, *port, *options, image, *command)


def sql(running: Container, statement: str, database: str = "sample") -> str:
    return running.run("mathesar", "postgres", "psql", "-qAt", "-d", database, "-c", statement).strip()


def test_it_says_what_matters_and_keeps_its_data_over_restart_and_upgrade(
    all_in_one: str, volume: str, tmp_path: Path
) -> None:
    with start(all_in_one, volume) as first:
        link = SETUP.search(first.log)
        assert link is not None, first.log
        assert f"http://localhost:{first.port}/\n" in first.log
        assert "/open/" not in first.log  # others reach this address: nobody is signed in by a link
        assert "The volume at /var/lib/mathesar is the data" in first.log
        assert "MP544" not in first.log
        sql(first, CREATE)
        assert first.stop() == 0
    state = once(all_in_one, "--volume", f"{volume}:/var/lib/mathesar", command=tuple(STATE)).stdout
    assert re.search(r"Database cluster state: +shut down\n", state), state

    with start(all_in_one, volume) as second:
        again = SETUP.search(second.log)
        assert again is not None
        assert again[1].partition("#")[2] == link[1].partition("#")[2]  # the key was kept, so the code is the same
        assert sql(second, "SELECT word FROM kept") == "still here"
        assert second.stop() == 0

    (tmp_path / "Dockerfile").write_text(f"FROM {all_in_one}\nLABEL org.opencontainers.image.version=99\n")
    newer = f"{all_in_one}-newer"
    command = ["buildah", "bud", "--pull=never", "--format", "docker", "--tag", newer, str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        with start(newer, volume) as third:
            assert sql(third, "SELECT word FROM kept") == "still here"
            assert third.stop() == 0
    finally:
        podman("rmi", newer)


@pytest.mark.parametrize("signal", ["TERM", "INT"])
def test_a_stop_during_the_first_start_leaves_nothing_half_made(all_in_one: str, volume: str, signal: str) -> None:
    with Container(all_in_one, {"PORT": str(free_port())}, "--volume", f"{volume}:/var/lib/mathesar") as running:
        running.wait_for_line("Setting up Mathesar")
        running.signal(signal)
        assert running.exit_status() in (130, 143, 0)
    with start(all_in_one, volume) as again:
        assert sql(again, "SELECT count(*) > 0 FROM books") == "t"
        assert again.stop() == 0


def test_with_a_database_named_no_postgresql_is_started(all_in_one: str, server, address, sslmode) -> None:
    server.create_database("named")
    environ = {"DATABASE_URL": server.url("named", host=address, sslmode=sslmode), "PORT": str(free_port())}
    with Container(all_in_one, environ) as running:
        running.wait("/readyz", HEADERS)
        processes = "import glob; print([open(p).read() for p in glob.glob('/proc/[0-9]*/comm')])"
        assert "postgres" not in running.run("python", "-c", processes)
        assert "is the data" not in running.log
        assert running.run("ls", "/var/lib/mathesar").split() == ["secret_key"]


def test_another_user_is_told_what_to_do(all_in_one: str, volume: str, tmp_path: Path) -> None:
    mounted = ("--volume", f"{volume}:/var/lib/mathesar")
    assert once(all_in_one, *mounted, command=("true",)).returncode == 0  # the volume is made as the image says
    for user in ("0", "1234"):
        refused = once(all_in_one, *mounted, "--user", user)
        assert refused.returncode == 1
        assert "MP541" in refused.stderr
        assert f"by user {user}; its owner is 10001" in " ".join(refused.stderr.split())
    tmp_path.chmod(0o755)
    own = tmp_path / "data"
    own.mkdir(mode=0o700)
    subprocess.run(["chown", "1234", str(own)], check=True)
    refused = once(all_in_one, "--volume", f"{own}:/var/lib/mathesar", "--user", "1234")
    assert (refused.returncode, "MP542" in refused.stderr) == (1, True)
    assert not list(own.glob("postgres"))


def test_data_that_go_with_the_container_are_warned_of(all_in_one: str) -> None:
    for options, code in (((), "MP544"), (("--image-volume", "ignore", "--read-only=false"), "MP545")):
        with Container(all_in_one, {"PORT": str(free_port())}, *options) as running:
            running.wait("/readyz", HEADERS)
            assert code in running.log
            podman("rm", "--force", "--volumes", "--time", "20", running.identity)
