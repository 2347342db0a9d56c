"""Which port and address a server is told, among the clients of the same line; what migrates; which image moves."""

from __future__ import annotations

import pytest

from provisioner.lint.checks import is_floating
from provisioner.lint.commands import fixed_port, loopback, migrates


@pytest.mark.parametrize(
    ("command", "port"),
    [
        ("gunicorn app.wsgi -b 0.0.0.0:8000", 8000),
        ("gunicorn app.wsgi --bind=:5000", 5000),
        ("uvicorn main:app --host 0.0.0.0 --port 8000", 8000),
        ("uvicorn main:app --port=8000", 8000),
        ("python manage.py runserver 0.0.0.0:8000", 8000),
        ("python manage.py runserver 8000", 8000),
        ("next start -p 3000", 3000),
        ("flask run -p 5000", 5000),
        ("streamlit run app.py --server.port 8501", 8501),
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
        ("gunicorn app.wsgi", 0),
        ("gunicorn app.wsgi -b 0.0.0.0:$PORT", 0),
        ("uvicorn main:app --port ${PORT:-8000}", 0),
        ("mkdir -p 700", 0),
        ("node server.js", 0),
        ("psql -p 5432", 0),
        ("gunicorn --workers 2 --timeout 120 app.wsgi", 0),
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
        ("gunicorn -b 127.0.0.1:$PORT app", True),
        ("uvicorn main:app --host localhost --port $PORT", True),
        ("python manage.py runserver 127.0.0.1:8000", True),
        ("uvicorn main:app --host 0.0.0.0", False),
        ("redis-cli -h 127.0.0.1 ping", False),
        ("gunicorn -b [::]:$PORT app", False),
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


@pytest.mark.parametrize(
    ("command", "judged"),
    [
        ("pip install -r requirements.txt && python manage.py migrate", True),
        ("bundle exec rails db:migrate", True),
        ("alembic -c x.ini upgrade head", True),
        ("npx prisma migrate deploy", True),
        ("npx prisma generate", False),
        ("python manage.py collectstatic --noinput", False),
        ("php artisan migrate --force", True),
        ("npm run build", False),
        ("python manage.py makemigrations", False),
    ],
)
def test_migrations(command, judged):
    assert migrates(command) == judged


@pytest.mark.parametrize(
    ("reference", "judged"),
    [
        ("nginx", True),
        ("nginx:latest", True),
        ("ghcr.io/o/app:main", True),
        ("localhost:5000/app", True),
        ("litellm:main-stable", True),
        ("app:dev-2024-01-01", False),
        ("nginx:1.27", False),
        ("ghcr.io/o/app@sha256:" + "a" * 64, False),
        ("app:$TAG", False),
        ("{{ image }}", False),
        ("", False),
    ],
)
def test_floating_images(reference, judged):
    assert is_floating(reference) == judged
