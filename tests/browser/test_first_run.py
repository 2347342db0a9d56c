"""A fresh install in a real browser before real processes: the log's link, the setup page, the first database."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.mathesar.connections.site_of_databases import OWNER, OWNER_PASSWORD, make_database, schemas
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar

pytest.importorskip("playwright.sync_api")
SHOTS = os.environ.get("SCREENSHOTS")
PASSWORD = "Analytical engine 1843"
LINK = re.compile(r"Setup code: \S+  Open (http://\S+)")


def test_from_the_log_to_the_first_table(chromium, server: PostgresServer) -> None:
    make_database(server, "garden")
    server.psql(
        'CREATE TABLE public.beds (id int PRIMARY KEY, plant text); ALTER TABLE beds OWNER TO "owner+1"', "garden"
    )
    server.psql("INSERT INTO beds VALUES (1, 'rosemary'), (2, 'sage')", "garden")
    environ = {
        "DATABASE_URL": server.create_database("first_run"),
        "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
        "PORT": str(free_port()),
    }
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()

    def look(name: str) -> None:
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"first-run-{name}.png", full_page=True)

    with Mathesar(environ) as process:
        process.wait("/readyz")
        found = LINK.search(process.log)
        assert found is not None, process.log
        page.goto(f"http://localhost:{environ['PORT']}/databases/")
        assert page.url.endswith("/setup")  # every page leads there
        page.goto(found[1])
        page.wait_for_url("**/setup")  # the code left the address
        assert page.locator("#id_code").input_value().replace("-", "") == found[1].partition("#")[2].replace("-", "")
        page.locator("#id_username").fill("ada")
        page.locator("#id_email").fill("ada@example.org")
        page.locator("#id_password").fill(PASSWORD)
        look("setup")
        page.get_by_role("button", name="Create and sign in").click()
        page.wait_for_url("**/databases/add")  # nothing to see yet, so that comes first
        for name, value in {
            "name": "Garden", "host": "127.0.0.1", "port": str(server.port), "dbname": "garden", "username": OWNER,
            "password": OWNER_PASSWORD,
        }.items():  # fmt: skip
            page.locator(f"#id_{name}").fill(value)
        page.locator("#id_sslmode").select_option("disable")
        page.get_by_role("button", name="Connect", exact=True).click()
        page.locator(".status.good").wait_for()
        look("databases")
        page.get_by_role("link", name="Open Garden").click()
        page.get_by_role("link", name="beds").click()
        page.get_by_text("rosemary").wait_for()
        look("table")
        assert page.goto(f"http://localhost:{environ['PORT']}/setup").status == 404
        assert OWNER_PASSWORD not in process.log
        assert PASSWORD not in process.log
    assert schemas(server, "garden") == {"msar", "mathesar_types"}
    context.close()
