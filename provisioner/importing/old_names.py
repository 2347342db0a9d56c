"""The variables of Mathesar's own releases: what each is today, and where its meaning was read.

Dated 2026-11-21. Names and meanings only, from the product's documentation:
DOCS_01 for 0.1.x, DOCS for 0.2.0 to 0.12.0, COMPOSE for what docker-compose.yml sets where nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DOCS_01 = "https://docs.mathesar.org/0.1.7/configuration/env-variables/"
DOCS = "https://docs.mathesar.org/0.12.0/administration/environment-variables/"
COMPOSE = "https://raw.githubusercontent.com/mathesar-foundation/mathesar/0.2.0/docker-compose.yml"

PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105 - the variable's name

# part: of the internal database; address: where the site is reached; gone: nothing here does that;
# inner: a setting of the old program's own; proxy: of its reverse proxy; container: of its PostgreSQL's container.
Kind = Literal["part", "internal", "address", "rename", "port", "gone", "inner", "proxy", "container", "marker"]


@dataclass(frozen=True, slots=True)
class OldName:
    """One old variable. `words` is today's name (rename), the part of a URL (part), or what it was (gone)."""

    kind: Kind
    words: str
    source: str = DOCS


OLD_NAMES: Mapping[str, OldName] = {
    "POSTGRES_HOST": OldName("part", "host"),
    "POSTGRES_PORT": OldName("part", "port"),
    "POSTGRES_USER": OldName("part", "user"),
    "POSTGRES_PASSWORD": OldName("part", "password"),
    "POSTGRES_DB": OldName("part", "dbname"),
    "POSTGRES_SSLMODE": OldName("part", "sslmode"),
    "DJANGO_DATABASE_URL": OldName("internal", "the internal database", DOCS_01),
    "DOMAIN_NAME": OldName("address", "the public address, for the proxy"),
    "APP_URL": OldName("address", "the public address, of this project's Compose file", "platforms/compose"),
    "DJANGO_SUPERUSER_USERNAME": OldName("rename", "MATHESAR_ADMIN_USERNAME", DOCS_01),
    "DJANGO_SUPERUSER_EMAIL": OldName("rename", "MATHESAR_ADMIN_EMAIL", DOCS_01),
    "DJANGO_SUPERUSER_PASSWORD": OldName("rename", "MATHESAR_ADMIN_PASSWORD", DOCS_01),
    "MATHESAR_DATABASE_URL": OldName("rename", "DATABASE_URL", DOCS_01),
    "HOST_PORT": OldName("port", "the port on the machine", COMPOSE),
    "SSO_CONFIG_DICT": OldName("gone", "single sign-on"),
    "OIDC_CONFIG_DICT": OldName("gone", "single sign-on"),
    "REQUIRE_SSO_LOGIN": OldName("gone", "single sign-on"),
    "FILE_STORAGE_DICT": OldName("gone", "file columns and their storage"),
    "DATA_FILES_STORAGE_BACKEND": OldName("gone", "a storage for uploaded files"),
    "DATA_FILES_AZURE_ACCOUNT_NAME": OldName("gone", "a storage for uploaded files"),
    "DATA_FILES_AZURE_CONTAINER": OldName("gone", "a storage for uploaded files"),
    "PER_USER_DATABASES_ENABLED": OldName("gone", "a database for each person"),
    "MATHESAR_DJANGO_ADMIN_ENABLED": OldName("gone", "a switch for Django's own admin pages"),
    "MATHESAR_LANDING_PAGE_URL": OldName("gone", "a landing page of one's own"),
    "MATHESAR_INSTANCE_NAME": OldName("gone", "a name for the install"),
    "MATHESAR_AUTH_LOGO_URL": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_LOGIN_PAGE_TEXT_DICT": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_LOGIN_PAGE_BACKGROUND": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_TERMS_OF_SERVICE_URL": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_PRIVACY_POLICY_URL": OldName("gone", "a sign-in page of one's own"),
    "DJANGO_DATABASE_KEY": OldName("inner", "a label inside the old program", DOCS_01),
    "DJANGO_SETTINGS_MODULE": OldName("inner", "a module of the old program", DOCS_01),
    "MODE": OldName("inner", "how the old program served its pages", DOCS_01),
    "HTTP_PORT": OldName("proxy", "a port of the old reverse proxy", DOCS_01),
    "HTTPS_PORT": OldName("proxy", "a port of the old reverse proxy", DOCS_01),
    "PGDATA": OldName("container", "a folder of the old PostgreSQL's container", COMPOSE),
    "POSTGRES_INITDB_ARGS": OldName("container", "how the old PostgreSQL's container was made", COMPOSE),
    "POSTGRES_HOST_AUTH_METHOD": OldName("container", "how the old PostgreSQL's container was made", COMPOSE),
    "ADDRESS": OldName("inner", "where this project's Compose file publishes its port", "platforms/compose"),
    "APP_PLATFORM": OldName("marker", "the mark of the place that the old file was for", "platforms"),
}

# What the old Compose file took where the variable was unset or blank (COMPOSE).
DEFAULTS: Mapping[str, str] = {
    "POSTGRES_HOST": "mathesar_db",
    "POSTGRES_PORT": "5432",
    "POSTGRES_USER": "mathesar",
    "POSTGRES_PASSWORD": "mathesar",
    "POSTGRES_DB": "mathesar_django",
}


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """Return the old names of these kinds, in the table's order."""
    return tuple(name for name, row in OLD_NAMES.items() if row.kind in kinds)
