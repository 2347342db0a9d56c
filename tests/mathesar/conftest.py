"""One real PostgreSQL and one Django for the tests of the web rooms; nothing starts before a test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from provisioner.secret import Secret
from tests.mathesar import plans
from tests.postgres import PostgresServer, find_binaries

INTERNAL = "mathesar_tests"


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """Give a running PostgreSQL server."""
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    with PostgresServer() as running:
        yield running


@pytest.fixture(scope="session")
def site(server: PostgresServer) -> Iterator[PostgresServer]:
    """Set Django up once for the process, on an internal database of its own; settings are read here only."""
    from mathesar import current

    current.set_plan(plans.local_plan(internal=server.create_database(INTERNAL)), Secret(plans.KEY))
    os.environ["DJANGO_SETTINGS_MODULE"] = "mathesar.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    server.psql("CREATE SCHEMA mathesar_internal", INTERNAL)
    call_command("migrate", verbosity=0)
    setup_test_environment()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield server
    teardown_test_environment()
    connection.close()
    connection.close_pool()


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
        cursor.execute(
            "TRUNCATE connections_database, accounts_failedsignin, auth_user, django_session CASCADE"
        )
    connection.close()


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
