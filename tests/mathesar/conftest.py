"""One real PostgreSQL and one Django for the web rooms; nothing starts before a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from provisioner.secret import Secret
from tests.mathesar import plans
from tests.mathesar.site import INTERNAL, shared_server, shared_site
from tests.postgres import PostgresServer, find_binaries


@pytest.fixture(scope="session")
def server() -> PostgresServer:
    """Give a running PostgreSQL server."""
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    return shared_server()


@pytest.fixture(scope="session")
def site(server: PostgresServer) -> PostgresServer:
    """Give the server of a Django that is set up and migrated."""
    return shared_site()


@pytest.fixture
def plan(site: PostgresServer) -> Iterator[plans.Plan]:
    """Give a plan that names no user database; empty our tables after the test."""
    from django.db import connection

    from mathesar import current

    made = plans.local_plan(internal=site.url(INTERNAL))
    current.set_plan(made, Secret(plans.KEY))
    yield made
    current.set_plan(made, Secret(plans.KEY))
    current.set_key_state("ok")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE connections_database, accounts_failedsignin, auth_user, django_session CASCADE")
        cursor.execute("UPDATE setup_installation SET claimed_at = NULL")
    connection.close()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the throttle's first waits as long as its longest, for tests whose next attempt has to come too soon."""
    from mathesar.accounts import throttle

    whole = throttle.wait_after
    monkeypatch.setattr(
        throttle, "wait_after", lambda failures, free: min(60 * whole(failures, free), throttle.LONGEST_WAIT)
    )


@pytest.fixture
def use(plan: plans.Plan):
    """Give a function that makes another plan the current one and reconciles the rows with it."""
    from mathesar import current
    from mathesar.connections.reconcile import reconcile

    def apply(changed: plans.Plan) -> plans.Plan:
        changed = replace(changed, internal=plan.internal)
        current.set_plan(changed, Secret(plans.KEY))
        reconcile(changed)
        return changed

    return apply
