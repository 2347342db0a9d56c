"""The image `lean`, in a real container with Render's environment and a real PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.images.container import RIGHTS, Container, podman
from tests.platforms.environments import HOSTS, render
from tests.postgres import PostgresServer, free_port
from tests.system.test_shutdown import BODY, answer_of, fill, wait_until_refused

pytestmark = pytest.mark.prove

HEADERS = {"Host": HOSTS["render"], "X-Forwarded-Proto": "https"}


@pytest.fixture
def environ(server: PostgresServer, address: str, sslmode: str | None) -> dict[str, str]:
    """Give Render's environment with an empty database."""
    server.create_database("image")
    return render(server.url("image", host=address, sslmode=sslmode), free_port()) | {"WEB_CONCURRENCY": "2"}


@pytest.fixture
def container(image: str, environ: dict[str, str]) -> Iterator[Container]:
    """Give a container that is ready."""
    with Container(image, environ) as running:
        running.wait("/readyz", HEADERS)
        yield running


def test_it_is_made_for_an_ordinary_user_and_starts_without_a_shell(image: str) -> None:
    config = json.loads(podman("image", "inspect", image).stdout)[0]["Config"]
    assert config["User"] == "10001:10001"
    assert config["Cmd"] == ["mathesar", "start"]
    assert not config.get("Entrypoint")
    assert not config.get("Volumes")


def test_it_serves_and_what_is_in_it_is_what_a_stranger_may_have(container: Container) -> None:
    assert container.get("/livez", {"Host": "10.0.0.1"}).body == "ok\n"
    page = container.get("/setup", HEADERS)
    assert page.status == 200
    style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page.body)
    assert style is not None, page.body
    answer = container.get(style[1], HEADERS)
    assert (answer.status, answer.headers["content-type"]) == (200, 'text/css; charset="utf-8"')
    assert "immutable" in answer.headers["cache-control"]

    assert container.run("cat", "/proc/1/cmdline").split("\0")[1:3] == ["/opt/mathesar/bin/mathesar", "start"]
    assert re.search(r"^Uid:\t10001\t10001\t10001\t10001$", container.run("cat", "/proc/1/status"), re.MULTILINE)
    absent = "ls /etc/pip.conf /src /wheels ~root/.cache /opt/mathesar/bin/pip 2>/dev/null; true"
    assert container.run("sh", "-c", absent) == ""
    compiled = "from importlib.util import cache_from_source as c; import mathesar.cli as m, json as j"
    there = f"{compiled}; import os; print(os.path.exists(c(m.__file__)), os.path.exists(c(j.__file__)))"
    assert container.run("/opt/mathesar/bin/python", "-c", there) == "True True\n"


def test_on_sigterm_requests_in_flight_are_finished(container: Container) -> None:
    clients = fill(container.port)
    container.signal("TERM")
    wait_until_refused(container.port)
    for client in clients:
        client.sendall(BODY)
    assert [answer_of(client).split(b" ", 2)[1] for client in clients] == [b"403"] * len(clients)
    assert container.exit_status() == 0


def test_its_health_check_finds_the_port(image: str, container: Container) -> None:
    assert podman("healthcheck", "run", container.identity).returncode == 0
    nobody = podman("run", "--rm", "--network", "host", *RIGHTS, image, "python", "-m", "mathesar.health.alive")
    assert nobody.returncode == 1


def test_a_release_command_runs_through_the_shell(image: str, environ: dict[str, str]) -> None:
    settings = [part for name, value in environ.items() for part in ("--env", f"{name}={value}")]
    command = ("sh", "-c", "mathesar release && echo done")
    ended = podman("run", "--rm", "--network", "host", *RIGHTS, *settings, image, *command)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-2:] == ["The internal database is ready.", "done"]


def test_with_a_database_and_a_key_it_needs_no_volume(image: str, server: PostgresServer) -> None:
    server.create_database("own")
    environ = {"DATABASE_URL": server.url("own"), "SECRET_KEY": render()["SECRET_KEY"], "PORT": str(free_port())}
    with Container(image, environ) as running:
        running.wait("/readyz", {"Host": "localhost"})
        assert f"Mathesar is ready: http://localhost:{running.port}/" in running.log
        assert running.run("ls", "/var/lib/mathesar") == ""
        assert running.stop() == 0
    keyless = {name: value for name, value in environ.items() if name != "SECRET_KEY"}
    with Container(image, keyless) as refused:
        assert refused.exit_status() == 1
        assert "MP541" in refused.log


def test_without_its_database_it_says_so_and_does_not_start(image: str) -> None:
    environ = render()
    del environ["DATABASE_URL"]
    settings = [part for name, value in environ.items() for part in ("--env", f"{name}={value}")]
    ended = podman("run", "--rm", "--network", "host", *RIGHTS, *settings, image)
    assert ended.returncode == 1
    assert "DATABASE_URL" in ended.stderr
    assert environ["SECRET_KEY"] not in ended.stdout + ended.stderr
