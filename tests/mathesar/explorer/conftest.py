"""A database of one's own for each module, a connection to it, and somebody signed in who opens it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import psycopg
import pytest

from tests.mathesar import plans
from tests.postgres import PostgresServer

Run = Callable[[str], None]


@pytest.fixture
def dbname(site: PostgresServer, request: pytest.FixtureRequest) -> str:
    """Give the name of a new, empty database."""
    name = f"explored_{request.module.__name__.rpartition('.')[2]}"
    site.create_database(name)
    return name


@pytest.fixture
def run(site: PostgresServer, dbname: str) -> Run:
    """Give a function that runs statements in it as superuser."""

    def execute(statements: str) -> None:
        site.psql(statements, dbname)

    return execute


@pytest.fixture
def connection(site: PostgresServer, dbname: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection as rooms are given one."""
    with psycopg.connect(site.url(dbname), autocommit=True, prepare_threshold=None) as made:
        yield made


@pytest.fixture
def reader(site: PostgresServer, dbname: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection as a role that may read what it was granted alone."""
    site.create_role("explorer_reader", "reads-only")
    with psycopg.connect(
        site.url(dbname, user="explorer_reader", password="reads-only"), autocommit=True, prepare_threshold=None
    ) as made:
        yield made


@pytest.fixture
def oid(site: PostgresServer, dbname: str) -> Callable[[str], int]:
    """Give a function that finds a table's OID by its name in SQL."""

    def find(name: str) -> int:
        (row,) = site.psql(f"SELECT '{name.replace(chr(39), chr(39) * 2)}'::regclass::oid::bigint", dbname)
        return int(str(row[0]))

    return find


@pytest.fixture
def browse(use, site: PostgresServer, dbname: str):
    """Give a function that gets a page of the database as a signed-in person."""
    from django.contrib.auth.models import User
    from django.test import Client

    from mathesar.connections.models import Database

    use(plans.local_plan({"explored": site.url(dbname)}))
    database = Database.objects.get(name="explored")
    client = Client()
    User.objects.create_superuser("the owner")
    client.force_login(User.objects.create_user("ada"))

    def get(path: str = "", **query: str):
        return client.get(f"/databases/{database.pk}/browse/{path}", query)

    yield get
    from mathesar.connections.opening import forget

    forget(database.pk)


class Form:
    """The pages that change rows, as a person in a browser without script uses them."""

    def __init__(self, client, base: str) -> None:
        self.client, self.base = client, base

    def get(self, path: str):
        """Return a page, by its path below the database or as a link has it."""
        return self.client.get(path if path.startswith("/") else self.base + path)

    def links(self, oid: int) -> list[str]:
        """Return the links to the rows of a table's first page."""
        page = self.get(f"{oid}/").content.decode()
        return [unescape(found) for found in re.findall(r'<td class="row-link"><a href="([^"]+)"', page)]

    def data(self, path: str) -> dict[str, str]:
        """Return what a page's form holds, as a browser would send it."""
        response = self.get(path)
        assert response.status_code == 200, response.content.decode()
        return fields_of(response.content.decode())

    def post(self, path: str, data: dict[str, str]):
        """Send a form; line breaks as browsers make them."""
        return self.client.post(
            path if path.startswith("/") else self.base + path,
            {name: re.sub("\r\n|\r|\n", "\r\n", value) for name, value in data.items()},
        )

    def send(self, path: str, drop: tuple[str, ...] = (), **changes: str):
        """Send a page's form with changes, and without what is to be dropped: a box that is ticked no more."""
        data = self.data(path) | changes
        return self.post(path, {name: value for name, value in data.items() if name not in drop})


def fields_of(page: str) -> dict[str, str]:
    """Return what the form in a page would send."""
    form = page[page.index('<form method="post" class="card row-form"') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        given = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given["type"] != "checkbox" or " checked" in tag:
            found[given["name"]] = given.get("value", "on")
    for name, text in re.findall(r'<textarea [^>]*?name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select [^>]*?name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        entries = re.findall(r'<option value="([^"]*)"( selected)?', options)
        chosen = [value for value, is_chosen in entries if is_chosen]
        found[name] = unescape((chosen or [entries[0][0]])[0])
    return found


@pytest.fixture
def form(use, site: PostgresServer, dbname: str):
    """Give a function that makes forms for a superuser, over a connection with any role."""
    from django.contrib.auth.models import User
    from django.test import Client

    from mathesar.connections.models import Database
    from mathesar.connections.opening import forget

    made = []

    def make(url: str | None = None, *, person: str = "the owner") -> Form:
        use(plans.local_plan({"explored": url or site.url(dbname)}))
        database = Database.objects.get(name="explored")
        made.append(database.pk)
        forget(database.pk)
        client = Client()
        user = User.objects.filter(username=person).first()
        client.force_login(user or User.objects.create_superuser(person))
        return Form(client, f"/databases/{database.pk}/browse/")

    yield make
    for key in made:
        forget(key)
