"""One PostgreSQL and one Django for the whole test run: Django reads its settings once in a process."""

from __future__ import annotations

import atexit
import os
from functools import cache

from provisioner.secret import Secret
from tests.mathesar import plans
from tests.postgres import PostgresServer

INTERNAL = "mathesar_tests"


@cache
def shared_server() -> PostgresServer:
    """Start the server on first use; it is stopped when the run ends."""
    running = PostgresServer().start()
    atexit.register(running.stop)
    return running


@cache
def shared_site() -> PostgresServer:
    """Set Django up on an internal database of its own, on first use; return its server."""
    from mathesar import current

    server = shared_server()
    current.set_plan(plans.local_plan(internal=server.create_database(INTERNAL)), Secret(plans.KEY))
    os.environ["DJANGO_SETTINGS_MODULE"] = "mathesar.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    server.psql("CREATE SCHEMA mathesar_internal", INTERNAL)
    call_command("migrate", verbosity=0)
    setup_test_environment()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    atexit.register(connection.close_pool)
    atexit.register(connection.close)
    return server
