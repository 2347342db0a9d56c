"""Every variable that is read, once; reader, near-miss detection and ``explain`` use this one table."""

from __future__ import annotations

import re
from dataclasses import dataclass

DATABASE_KINDS = ("database", "databases")
SECRET_KINDS = frozenset({*DATABASE_KINDS, "secret", "secrets"})
CONFIG = "MATHESAR_CONFIG"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable.

    `kind` is what its value is: database, databases, secret, secrets, hosts, origins, boolean, integer,
    path, address, name, certificate or configuration. `required`, `default` and `read_by` (where it is not read for
    every plan) are sentences for people.
    """

    name: str
    kind: str
    what: str
    example: str
    required: str = "no"
    default: str = "none"
    aliases: tuple[str, ...] = ()
    read_by: str = ""

    @property
    def key(self) -> str:
        """Its key in the configuration file: the name in lower case without mathesar_; '' where it has none."""
        return "" if self.name == CONFIG or "<" in self.name else self.name.lower().removeprefix("mathesar_")


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "DATABASE_URL",
        "database",
        "The PostgreSQL database that holds Mathesar's own tables (in schema mathesar_internal) and is also "
        "the first database that people see.",
        "postgresql://user:password@host:5432/dbname?sslmode=require",
        required="on a platform, unless MATHESAR_INTERNAL_DATABASE_URL is set",
    ),
    Variable(
        "MATHESAR_INTERNAL_DATABASE_URL",
        "database",
        "A separate PostgreSQL database for Mathesar's own tables; DATABASE_URL is then only a database that "
        "people see.",
        "postgresql://user:password@host:5432/internal",
        default="DATABASE_URL",
    ),
    Variable(
        "MATHESAR_DATABASES",
        "databases",
        "Databases to show, each as (name|url), separated by commas.",
        "(Sales|postgresql://user:password@host/sales),(Staff|postgresql://user:password@host/staff)",
    ),
    Variable(
        "MATHESAR_DATABASE_<NAME>_URL",
        "database",
        "One database to show, called NAME in lower case: for platforms that can bind a whole variable to a database.",
        "postgresql://user:password@host:5432/sales",
    ),
    Variable(
        "MATHESAR_INCLUDE_DEFAULT_DATABASE",
        "boolean",
        "Whether the database of DATABASE_URL is also shown to people.",
        "false",
        default="true",
    ),
    Variable(
        "SECRET_KEY",
        "secret",
        "The key that signs sessions and encrypts stored passwords: at least 50 random characters, or 256 "
        "random bits in base64 or hex.",
        "(the output of: openssl rand -base64 48)",
        required="on a platform that can generate one (Render, Railway, Heroku)",
        default="made once and kept: in a key file, or wrapped in the internal database on DigitalOcean",
    ),
    Variable(
        "SECRET_KEY_FALLBACKS",
        "secrets",
        "Earlier values of SECRET_KEY, separated by commas, that may still open what they encrypted.",
        "(the previous SECRET_KEY)",
    ),
    Variable(
        "ALLOWED_HOSTS",
        "hosts",
        "Host names besides the platform's own under which the site is reached, separated by commas.",
        "data.example.com",
        default="the platform's own host name; localhost without a platform",
        aliases=("MATHESAR_ALLOWED_HOSTS",),
    ),
    Variable(
        "CSRF_TRUSTED_ORIGINS",
        "origins",
        "Origins from which forms may be sent, with their scheme, separated by commas.",
        "https://data.example.com",
        default="https:// and each host",
    ),
    Variable(
        "DEBUG", "boolean", "Django's debug pages; refused on a platform and behind a proxy.", "false", default="false"
    ),
    Variable(
        "PORT",
        "integer",
        "The port to listen on, 1 to 65535.",
        "8000",
        default="the platform's own; 8000 without a platform",
    ),
    Variable(
        "WEB_CONCURRENCY",
        "integer",
        "The number of server processes.",
        "2",
        default="as many as fit memory and connections, at most 2",
    ),
    Variable(
        "MATHESAR_SETUP_CODE",
        "secret",
        "The code that claims a new install on its setup page: at least 12 random characters.",
        "(the output of: openssl rand -hex 16)",
        default="derived from SECRET_KEY and printed in the log while nobody has claimed the install",
    ),
    Variable(
        "MATHESAR_ADMIN_USERNAME",
        "name",
        "The user name of the first superuser, made at start instead of on the setup page; never changed later.",
        "ada",
    ),
    Variable("MATHESAR_ADMIN_EMAIL", "name", "The e-mail address of the first superuser.", "ada@example.com"),
    Variable(
        "MATHESAR_ADMIN_PASSWORD",
        "secret",
        "The password of the first superuser. Remove it once you have signed in.",
        "(a long passphrase)",
    ),
    Variable(
        "MATHESAR_ON_KEY_MISMATCH",
        "name",
        "What to do where the internal database was written with another SECRET_KEY: serve, with the stored "
        "connections locked, or refuse to start.",
        "refuse",
        default="serve",
    ),
    Variable(
        "MATHESAR_BLOCK_PRIVATE_HOSTS",
        "boolean",
        "Whether people may not add databases at private addresses (10.0.0.0/8 and the like).",
        "true",
        default="false",
    ),
    Variable(
        "MATHESAR_DATA_DIR",
        "path",
        "The directory of the key file, SQLite and the embedded PostgreSQL where no platform is detected.",
        "/var/lib/mathesar",
        default="a directory of the user's own",
    ),
    Variable(
        "MATHESAR_EMBEDDED_DATABASE",
        "boolean",
        "Whether an embedded PostgreSQL with a sample database starts where no platform is detected and no "
        "variable names a database. Without it people add their databases on the page.",
        "false",
        default="true; false in the Debian package",
    ),
    Variable(
        "MATHESAR_BIND",
        "address",
        "The address and port to listen on where no platform is detected.",
        "0.0.0.0:8000",
        default="127.0.0.1:8000",
    ),
    Variable(
        "MATHESAR_BEHIND_PROXY",
        "boolean",
        "Where no platform is detected: whether a reverse proxy of your own ends TLS and sets X-Forwarded-Proto "
        "and X-Forwarded-For itself, whatever a visitor sends. Then http is redirected to https, cookies are for "
        "https alone, and ALLOWED_HOSTS has to name the site. Nobody else may reach the port.",
        "true",
        default="false",
    ),
    Variable(
        CONFIG,
        "configuration",
        "The configuration file, in TOML; it must exist where it is named. What the environment says goes before it.",
        "/etc/mathesar/mathesar.toml",
        default="/etc/mathesar/mathesar.toml, where there is one",
    ),
)

BY_NAME = {name: variable for variable in VARIABLES for name in (variable.name, *variable.aliases)}
NAMED_DATABASE = re.compile(r"MATHESAR_DATABASE_([A-Z0-9][A-Z0-9_]*)_URL")

# Names of Mathesar's own installation that nothing reads here, and what to set in their place.
SUPERSEDED = {
    "POSTGRES_HOST": "DATABASE_URL",
    "MATHESAR_DATABASE_URL": "DATABASE_URL",
    "DOMAIN_NAME": "ALLOWED_HOSTS",
}


def find(name: str) -> Variable | None:
    """Return the row for `name`, which may be an alias, a NAME_FILE form or a named database."""
    upper = name.upper()
    for candidate in (upper, upper.removesuffix("_FILE")):
        if candidate in BY_NAME:
            return BY_NAME[candidate]
        if NAMED_DATABASE.fullmatch(candidate):
            return BY_NAME["MATHESAR_DATABASE_<NAME>_URL"]
    return None


def name_of_key(key: str) -> str | None:
    """Return the variable that a key of the configuration file sets, NAME or NAME_FILE; None where there is none.

    A key is the variable's name in any case, with or without mathesar_ before it. A named database has its full
    name only: ``database_sales_url`` is too like a misspelt ``database_url``.
    """
    upper = key.upper()
    if NAMED_DATABASE.fullmatch(upper.removesuffix("_FILE")):
        return upper
    for candidate in (upper, f"MATHESAR_{upper}"):
        base = candidate.removesuffix("_FILE")
        row = BY_NAME.get(base)
        if row is not None and row.key:
            return row.name + candidate[len(base) :]
    return None


def known_names() -> frozenset[str]:
    """Return every fixed name and alias, for the near-miss detection."""
    return frozenset(name for name in BY_NAME if "<" not in name)
