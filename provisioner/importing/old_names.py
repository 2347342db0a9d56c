"""The variables of Mathesar's own releases: what each is today, and where its meaning was read.

Read on 2026-11-21. Names and meanings only, from the product's documentation and what Compose files set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

_REPOSITORY = "https://github.com/mathesar-foundation/mathesar/blob"
DOCS = "https://docs.mathesar.org/0.12.0/administration/environment-variables/"  # 0.2.0 to 0.12.0
DOCS_01 = f"{_REPOSITORY}/0d9101d3801963311d65179f6f5f03235484aded/docs/docs/configuration/env-variables.md"  # 0.1.x
DOCS_BEFORE = f"{_REPOSITORY}/01e4836761d69f39009c720f91e118d8cc76da4b/docs/docs/install/configuration.md"
EXAMPLE = f"{_REPOSITORY}/0377335ae4dd6a3e66ebb62b04ad516d3b0b380f/.env.example"
COMPOSE = f"{_REPOSITORY}/04fb5443c774ac34060c5d15e17c0d43173a3119/docker-compose.yml"  # 0.2.0 and later
DJANGO = "https://docs.djangoproject.com/en/4.2/ref/django-admin/#createsuperuser"
COMPOSE_ITSELF = "https://docs.docker.com/compose/how-tos/environment-variables/envvars/"
POSTGRES_IMAGE = "https://hub.docker.com/_/postgres"
OURS = "this project's own Compose file and variables"

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
    "APP_URL": OldName("address", "the public address, of this project's Compose file", OURS),
    "DJANGO_SUPERUSER_USERNAME": OldName("rename", "MATHESAR_ADMIN_USERNAME", DJANGO),
    "DJANGO_SUPERUSER_EMAIL": OldName("rename", "MATHESAR_ADMIN_EMAIL", DJANGO),
    "DJANGO_SUPERUSER_PASSWORD": OldName("rename", "MATHESAR_ADMIN_PASSWORD", DJANGO),
    "MATHESAR_DATABASE_URL": OldName("rename", "DATABASE_URL", OURS),
    "HOST_PORT": OldName("port", "the port on the machine", COMPOSE),
    "SSO_CONFIG_DICT": OldName("gone", "single sign-on"),
    "OIDC_CONFIG_DICT": OldName("gone", "single sign-on"),
    "REQUIRE_SSO_LOGIN": OldName("gone", "single sign-on"),
    "FILE_STORAGE_DICT": OldName("gone", "file columns and their storage"),
    "DATA_FILES_STORAGE_BACKEND": OldName("gone", "a storage for uploaded files"),
    "DATA_FILES_AZURE_ACCOUNT_NAME": OldName("gone", "a storage for uploaded files"),
    "DATA_FILES_AZURE_CONTAINER": OldName("gone", "a storage for uploaded files"),
    "PER_USER_DATABASES_ENABLED": OldName("gone", "a database for each person", EXAMPLE),
    "MATHESAR_DJANGO_ADMIN_ENABLED": OldName("gone", "a switch for Django's own admin pages"),
    "MATHESAR_LANDING_PAGE_URL": OldName("gone", "a landing page of one's own"),
    "MATHESAR_INSTANCE_NAME": OldName("gone", "a name for the install"),
    "MATHESAR_AUTH_LOGO_URL": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_LOGIN_PAGE_TEXT_DICT": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_LOGIN_PAGE_BACKGROUND": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_TERMS_OF_SERVICE_URL": OldName("gone", "a sign-in page of one's own"),
    "MATHESAR_PRIVACY_POLICY_URL": OldName("gone", "a sign-in page of one's own"),
    "DJANGO_DATABASE_KEY": OldName("inner", "a label inside the old program", DOCS_BEFORE),
    "DJANGO_SETTINGS_MODULE": OldName("inner", "a module of the old program", DOCS_BEFORE),
    "MODE": OldName("inner", "how the old program served its pages", DOCS_BEFORE),
    "HTTP_PORT": OldName("proxy", "a port of the old reverse proxy", DOCS_01),
    "HTTPS_PORT": OldName("proxy", "a port of the old reverse proxy", DOCS_01),
    "PGDATA": OldName("container", "a folder of the old PostgreSQL's container", POSTGRES_IMAGE),
    "POSTGRES_INITDB_ARGS": OldName("container", "how the old PostgreSQL's container was made", POSTGRES_IMAGE),
    "POSTGRES_HOST_AUTH_METHOD": OldName("container", "how the old PostgreSQL's container was made", POSTGRES_IMAGE),
    "ADDRESS": OldName("inner", "where this project's Compose file publishes its port", OURS),
    "COMPOSE_FILE": OldName("inner", "a setting of Docker Compose itself", COMPOSE_ITSELF),
    "COMPOSE_PATH_SEPARATOR": OldName("inner", "a setting of Docker Compose itself", COMPOSE_ITSELF),
    "COMPOSE_PROJECT_NAME": OldName("inner", "a setting of Docker Compose itself", COMPOSE_ITSELF),
    "COMPOSE_PROFILES": OldName("inner", "a setting of Docker Compose itself", COMPOSE_ITSELF),
    "APP_PLATFORM": OldName("marker", "the mark of the place that the old file was for", OURS),
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
