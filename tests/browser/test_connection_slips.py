"""What a person does after a refusal in the form of a connection: correct it, press Enter, take what is offered."""

from __future__ import annotations

import pytest

from tests.browser.connecting import NAME, Look, fill, look, orchard, page, problem, submit
from tests.mathesar.connections.site_of_databases import OWNER, OWNER_PASSWORD, READER, READER_PASSWORD, schemas
from tests.pgbouncer import ABSENT, PgBouncer, find_pgbouncer
from tests.postgres import PostgresServer

pytest.importorskip("playwright.sync_api")
__all__ = ["look", "orchard", "page"]


def test_enter_after_a_refusal_takes_no_offer(page, orchard: PostgresServer) -> None:
    page.goto("/databases/add")
    fill(page, orchard, username=READER, password=READER_PASSWORD)
    submit(page)
    problem(page, "MP612")
    page.locator("#id_username").fill(OWNER)
    page.locator("#id_password").fill(OWNER_PASSWORD)
    page.locator("#id_password").press("Enter")
    page.locator(".status.good").first.wait_for()
    assert schemas(orchard, NAME) == {"msar", "mathesar_types"}


def test_both_offers_one_after_the_other(page, orchard: PostgresServer) -> None:
    if find_pgbouncer() is None:
        pytest.skip(ABSENT)
    with PgBouncer(orchard, users={READER: READER_PASSWORD}) as pooler:
        page.goto("/databases/add")
        fill(page, orchard, username=READER, password=READER_PASSWORD, port=pooler.port)
        submit(page)
        problem(page, "MP611")
        submit(page, "Connect through the pooler anyway")
        problem(page, "MP612")
        submit(page, "Connect without the Mathesar schema")
        page.locator(".status.good").first.wait_for()


@pytest.mark.parametrize("how", ["unplugged", "signed-out"])
def test_mathesar_itself_does_not_answer(page, look: Look, orchard: PostgresServer, how: str) -> None:
    from django.contrib.sessions.models import Session

    page.goto("/databases/add")
    fill(page, orchard)
    if how == "unplugged":
        page.route("**/databases/add", lambda route: route.abort())
    else:
        Session.objects.all().delete()
    submit(page)
    page.get_by_text("Mathesar did not answer.").wait_for()
    look(f"failure-{how}")
    assert page.locator("#id_host").input_value() == "127.0.0.1"
    assert page.locator("h1").count() == 1


def test_a_field_is_described_by_its_problem(page, orchard: PostgresServer) -> None:
    page.goto("/databases/add")
    fill(page, orchard, host="")
    submit(page)
    problem(page, "MP704")
    page.locator('#id_host[aria-invalid="true"]').wait_for()
    assert page.locator("#id_host").get_attribute("aria-describedby") == "problem_host"
    assert "the host" in page.locator("#problem_host").inner_text()
