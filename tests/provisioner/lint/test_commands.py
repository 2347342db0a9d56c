"""Which port and address a server is told, among the clients of the same line; which image stays what it is."""

from __future__ import annotations

import pytest

from provisioner.lint.checks import is_floating
from provisioner.lint.commands import fixed_port, loopback


@pytest.mark.parametrize(
    ("command", "port"),
    [
        ("daphne -b 0.0.0.0 -p 8000 a:b", 8000),
        ("bundle exec rails s -p 3000", 3000),
        ("./bin/rails server -b 0.0.0.0 -p 3000", 3000),
        ("puma -p 3000", 3000),
        ("puma -b tcp://0.0.0.0:3000", 3000),
        ("php -S 0.0.0.0:8080", 8080),
        ("serve -l 5000", 5000),
        ("python -m http.server 8000", 8000),
        ("PORT=3000 node s.js", 3000),
        ("gunicorn --bind 0.0.0.0:8000 --env REPORTING=1", 8000),
        ("export SUPPORT=1; uvicorn a:b --port 8000", 8000),
        ("wait-for-it db:5432 -- gunicorn -b 0.0.0.0:8000 x", 8000),
        ("PORT=${PORT:-3000} node s.js", 0),
        ("puma -b tcp://0.0.0.0:$PORT", 0),
        ("nc -z --port 5432 db && node s.js", 0),
        ("mysql --port 3306 -e 'select 1' && node s.js", 0),
        ("REPORT=3000 node s.js", 0),
    ],
)
def test_the_port(command, port):
    assert fixed_port(command) == port


@pytest.mark.parametrize(
    ("command", "judged"),
    [
        ("wait-for-it --host localhost:5432 -- gunicorn -b 0.0.0.0:$PORT x", False),
        ("./wait-for-it.sh --host localhost:5432 -- gunicorn -b 127.0.0.1:$PORT x", True),
        ("psql --host localhost -c 'select 1'; gunicorn -b [::]:$PORT x", False),
        ("sh -c 'until pg_isready --host localhost || exit 1; do sleep 1; done'", False),
        ("PGPASSWORD=$P /usr/bin/psql --host localhost", False),
        ("mysql --host 127.0.0.1 && uvicorn a:b --host 127.0.0.1", True),
        ("php -S localhost:8000", True),
        ("curl -f -S localhost:8000", False),
    ],
)
def test_the_address(command, judged):
    assert loopback(command) == judged


@pytest.mark.parametrize(
    "tag",
    [
        "alpine",
        "slim",
        "lts",
        "lts-alpine",
        "canary",
        "beta",
        "alpha",
        "production",
        "prod",
        "staging",
        "release",
        "current",
        "trunk",
        "head",
        "HEAD",
        "unstable",
        "snapshot",
        "preview",
        "slim-bookworm",
        "latest-pg16",
        "latest-alpine3.18",
    ],
)
def test_a_tag_that_moves(tag):
    assert is_floating(f"a/b:{tag}")


@pytest.mark.parametrize(
    "tag", ["17-alpine", "3.12-slim", "1.0.0-beta.2", "sha-abcdef", "v1", "stable-20240101", "main-ab1c2d3"]
)
def test_a_tag_that_stays(tag):
    assert not is_floating(f"a/b:{tag}")
