"""What people type to connect a database: fields, or one URL that fills them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from mathesar import current
from mathesar.connections.errors import InvalidFields
from provisioner.database_url import DatabaseUrl
from provisioner.dsn import parse_database_url
from provisioner.entries import name_problem
from provisioner.findings import Finding, InvalidEnvironment, finding
from provisioner.hosts import HostRefused, check_host
from provisioner.plan_databases import default_sslmode
from provisioner.secret import Secret
from provisioner.text import has_control

MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
VERIFYING = frozenset({"verify-ca", "verify-full"})
FIELDS = ("host", "port", "dbname", "username", "password", "sslmode", "ca")
NAMES = {
    "host": "the host", "port": "the port", "dbname": "the database's name", "username": "the user name",
    "password": "the password", "name": "a name",
}  # fmt: skip
LONGEST_NAME = 63  # bytes: PostgreSQL cuts longer ones off
LONGEST_PASSWORD = 4096
LONGEST_CA = 64 * 1024
DEFAULT_PORT = 5432


@dataclass(frozen=True, repr=False)
class Credentials:
    """Everything about a connection but its name; `ca` is a PEM text or empty."""

    host: str
    port: int
    dbname: str
    username: str
    password: Secret
    sslmode: str
    ca: str = ""

    def __repr__(self) -> str:
        return "Credentials(***)"

    def url(self) -> DatabaseUrl:
        """Return them in libpq's words; no text of a URL is ever built to connect."""
        return DatabaseUrl(
            self.host, str(self.port), self.username, self.password, self.dbname, {"sslmode": self.sslmode}
        )

    def target(self) -> str:
        """Return where they lead and as whom, to be compared under a keyed hash."""
        return f"{self.url().target()}\0{self.username}"

    def dump(self) -> str:
        """Return the text that is encrypted; it holds the password."""
        return json.dumps({**self.fields(), "password": self.password.get_secret_value()})

    def fields(self) -> dict[str, Any]:
        """Return all of them but the password, by the names of the form's fields."""
        return {name: getattr(self, name) for name in FIELDS if name != "password"}

    @classmethod
    def load(cls, text: str) -> Credentials:
        """Read what `dump` wrote."""
        given = json.loads(text)
        return cls(**{**given, "password": Secret(given["password"])})


def read_fields(given: Mapping[str, Any], stored: Credentials | None = None) -> Credentials:
    """Read the fields of a form or a request; `stored` fills what is left out, and a blank password.

    The stored password is not used for another host or port: who can edit could else have it sent to a server of
    their own.

    Raises:
        InvalidFields: with a finding for every field that cannot be used.
    """
    known = {**stored.fields(), "password": stored.password.get_secret_value()} if stored else {}
    texts: dict[str, str] = {}
    for name in FIELDS:
        text = given.get(name)
        if text is None or (text == "" and name == "password"):
            text = known.get(name, "")
        texts[name] = str(text) if name == "password" else str(text).strip()  # white space may belong to it
    texts["host"] = texts["host"].removeprefix("[").removesuffix("]") if ":" in texts["host"] else texts["host"]
    texts["port"] = texts["port"] or str(DEFAULT_PORT)
    texts["sslmode"] = texts["sslmode"] or sslmode_for(texts["host"])
    if stored and not given.get("password") and (texts["host"], texts["port"]) != (stored.host, str(stored.port)):
        texts["password"] = ""  # a stored password goes nowhere but where it was meant for
    problems = [problem for name in FIELDS if (problem := _problem(name, texts)) is not None]
    if problems:
        raise InvalidFields(*problems)
    port = int(texts["port"])
    return Credentials(**{**texts, "port": port, "password": Secret(texts["password"])})  # type: ignore[arg-type]


def read_url(text: str) -> Credentials:
    """Read one connection URL.

    Raises:
        InvalidFields: it means nothing, or not only what the fields hold; the findings are about `url`.
    """
    try:
        url = parse_database_url(text, profile=current.get_plan().profile, variable="url")
    except InvalidEnvironment as invalid:
        raise InvalidFields(*invalid.findings) from None
    if url is None:
        raise InvalidFields(finding("field-missing", "url", what="a connection URL"))
    more = [name for name in url.params if name not in ("sslmode", "sslrootcert", "application_name")]
    if more or "," in url.host:
        parameter = more[0] if more else "host list"
        raise InvalidFields(finding("url-parameter", "url", parameter=parameter))
    return read_fields(
        {
            "host": url.host,
            "port": url.port,
            "dbname": url.dbname,
            "username": url.user,
            "password": url.password.get_secret_value(),
            "sslmode": url.params.get("sslmode", ""),
        }
    )


def read_name(text: str) -> str:
    """Return a connection's name.

    Raises:
        InvalidFields: it is empty, too long, reserved, or has characters that names cannot have.
    """
    name = text.strip()
    if not name:
        raise InvalidFields(_missing("name"))
    if kind := name_problem(name):
        raise InvalidFields(finding(kind, "name", name=name if kind == "name-reserved" else ""))
    return name


def sslmode_for(host: str) -> str:
    """Return the TLS mode for a host where nobody chose one: encrypted, but for one's own network."""
    return default_sslmode(host, None) or "prefer"


def _missing(field: str) -> Finding:
    return finding("field-missing", field, what=NAMES[field])


def _invalid(field: str, what: str) -> Finding:
    return finding("field-invalid", field, what=what)


def _problem(field: str, texts: Mapping[str, str]) -> Finding | None:
    text = texts[field]
    if not text:
        return None if field == "ca" else _missing(field)
    if field not in ("ca", "password") and has_control(text):
        return _invalid(field, "it has control characters")
    return _CHECKS[field](text, texts)


def _host(text: str, _: Mapping[str, str]) -> Finding | None:
    if "," in text:
        return _invalid("host", "only one host can be given")
    try:
        check_host(text, current.get_plan().profile)
    except HostRefused as refused:
        if refused.kind in ("host-blocked", "host-unix"):
            return finding("live-host-blocked", "host", what=refused.what)
        return _invalid("host", "it is not a host name or address")
    return None


def _port(text: str, _: Mapping[str, str]) -> Finding | None:
    good = text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536
    return None if good else _invalid("port", "a port is a whole number from 1 to 65535")


def _dbname(text: str, _: Mapping[str, str]) -> Finding | None:
    if "=" in text or "://" in text:  # libpq's programs would read connection parameters from it
        return _invalid("dbname", "it has = or :// in it")
    return _length("dbname", text)


def _length(field: str, text: str) -> Finding | None:
    return _invalid(field, f"it is over {LONGEST_NAME} bytes") if len(text.encode()) > LONGEST_NAME else None


def _password(text: str, _: Mapping[str, str]) -> Finding | None:
    if "\0" in text:
        return _invalid("password", "it has a NUL character")
    return _invalid("password", "it is too long") if len(text) > LONGEST_PASSWORD else None


def _sslmode(text: str, _: Mapping[str, str]) -> Finding | None:
    return None if text in MODES else _invalid("sslmode", f"it is one of {', '.join(MODES)}")


def _ca(text: str, texts: Mapping[str, str]) -> Finding | None:
    if texts["sslmode"] not in VERIFYING:
        return _invalid("ca", "a certificate is used with the TLS modes verify-ca and verify-full only")
    try:
        found = x509.load_pem_x509_certificates(text.encode()) if len(text) <= LONGEST_CA else []
    except ValueError:
        found = []
    return None if found else _invalid("ca", "it is not a certificate in PEM form")


_CHECKS = {
    "host": _host, "port": _port, "dbname": _dbname, "username": lambda text, _: _length("username", text),
    "password": _password, "sslmode": _sslmode, "ca": _ca,
}  # fmt: skip
