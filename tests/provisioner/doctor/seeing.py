"""What the doctor's tests share: looking at a URL, and what a server holds before and after."""

from __future__ import annotations

from typing import Any

import provisioner
from provisioner.database_url import DatabaseUrl
from provisioner.doctor import Circumstances, Diagnosis, Purpose, diagnose
from provisioner.entries import DatabaseEntry
from tests.postgres import PostgresServer

BOTH: frozenset[Purpose] = frozenset({"internal", "user"})
INTERNAL: frozenset[Purpose] = frozenset({"internal"})
USER: frozenset[Purpose] = frozenset({"user"})
PASSWORD = "pass word%/0123"


def parsed(text: str) -> DatabaseUrl:
    """Read a URL as on a person's own machine."""
    url = provisioner.parse_database_url(text, profile="local")
    assert url is not None
    return url


def seen(text: str, purposes: frozenset[Purpose] = BOTH, **circumstances: Any) -> Diagnosis:
    """Look at the database of a URL."""
    entry = DatabaseEntry("shop", parsed(text), "SHOP_URL")
    return diagnose(entry, purposes=purposes, circumstances=Circumstances(**circumstances))


def holdings(server: PostgresServer, dbname: str) -> dict[str, object]:
    """Return what is in the catalogs of one database and of its server."""
    return {
        "schemas": server.psql(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_' ORDER BY 1", dbname
        ),
        "relations": server.psql("SELECT count(*), max(oid::text) FROM pg_class", dbname),
        "types": server.psql("SELECT count(*) FROM pg_type", dbname),
        "functions": server.psql("SELECT count(*) FROM pg_proc", dbname),
        "extensions": server.psql("SELECT extname FROM pg_extension ORDER BY 1", dbname),
        "settings": server.psql("SELECT count(*) FROM pg_db_role_setting", dbname),
        "privileges": server.psql("SELECT nspname, nspacl::text FROM pg_namespace ORDER BY 1", dbname),
        "databases": server.psql("SELECT datname, datacl::text FROM pg_database ORDER BY 1", dbname),
        "roles": server.psql("SELECT rolname, rolcreatedb, rolconnlimit FROM pg_roles ORDER BY 1", dbname),
        "members": server.psql("SELECT count(*) FROM pg_auth_members", dbname),
    }
