"""A database URL that was read, in libpq's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from provisioner.findings import Finding
from provisioner.secret import Secret

# What libpq 16 would take from a PG* variable or a file of the home folder when nothing is said, said
# (postgresql.org/docs/current/libpq-envars.html). A service cannot be closed this way; PGSERVICE must not be set.
CLOSED: Mapping[str, str] = {
    "passfile": "/dev/null",
    "options": "",
    "connect_timeout": "5",
    "application_name": "mathesar",
    "hostaddr": "",
    "client_encoding": "UTF8",
    "sslmode": "prefer",
    "sslcertmode": "disable",
    "sslcert": "",
    "sslkey": "",
    "sslrootcert": "",
    "sslcrl": "",
    "sslcrldir": "",
    "sslsni": "1",
    "ssl_min_protocol_version": "TLSv1.2",
    "ssl_max_protocol_version": "",
    "channel_binding": "prefer",
    "requirepeer": "",
    "gssencmode": "disable",
    "krbsrvname": "postgres",
    "target_session_attrs": "any",
    "load_balance_hosts": "disable",
}


@dataclass(frozen=True, repr=False)
class DatabaseUrl:
    """A database URL in libpq's words; ``host`` and ``port`` are comma lists where several are named."""

    host: str
    port: str
    user: str
    password: Secret
    dbname: str
    params: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        return hash((self.target(), self.user))

    def __repr__(self) -> str:
        # a misplaced : or @ can put a part of the password in any other part; target() shows on purpose
        return "DatabaseUrl(***)"

    def target(self) -> str:
        """Where it leads, without credentials: ``host:port/dbname``."""
        return f"{self.host}:{self.port}/{self.dbname}"

    def with_params(self, **params: str) -> DatabaseUrl:
        """The same URL with these parameters added or replaced."""
        return replace(self, params={**self.params, **params})

    def conninfo(self) -> dict[str, str]:
        """Every keyword for ``psycopg.connect(**…)``; holds the password.

        What the URL leaves open is closed explicitly, so that no PG* variable, password file or
        service file of the machine adds to it.
        """
        words = {
            **CLOSED,
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "dbname": self.dbname,
            "password": self.password.get_secret_value(),
            **self.params,
        }
        if self.params.get("sslmode") == "verify-full":
            words["sslrootcert"] = "system"
        return words

    def canonical(self) -> str:
        """The URL with every part percent-encoded; holds the password.

        With one host, dj-database-url reads it back to the same parts.
        """
        if self.host.startswith("/"):
            place = f"{quote(self.host, safe='')}:{self.port}"
        else:
            pairs = zip(self.host.split(","), self.port.split(","), strict=True)
            place = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in pairs)
        secret = quote(self.password.get_secret_value(), safe="")
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in self.params.items())
        tail = f"?{query}" if query else ""
        return f"postgresql://{quote(self.user, safe='')}:{secret}@{place}/{quote(self.dbname, safe='')}{tail}"
