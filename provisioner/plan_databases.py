"""Which database is internal, which ones people see, and what is wrong with each."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from .dsn import DatabaseUrl, parse_database_url
from .entries import DatabaseEntry, name_key, name_problem, parse_databases, same_targets
from .environment import Environment
from .findings import Finding, InvalidEnvironment, finding
from .platform import Contract
from .variables import NAMED_DATABASE

INTERNAL = "MATHESAR_INTERNAL_DATABASE_URL"
LIST = "MATHESAR_DATABASES"
INCLUDE_DEFAULT = "MATHESAR_INCLUDE_DEFAULT_DATABASE"
# Special-use endings (RFC 6761, RFC 6762, RFC 8375, RFC 9476) and what container tools use: not the internet.
_OWN_NETWORK = (".internal", ".local", ".localhost", ".lan", ".home.arpa", ".test", ".svc", ".cluster.local")


@dataclass(slots=True)
class Databases:
    """The outcome; `entry_variables` are the variables whose faults never stop the start."""

    internal: DatabaseEntry | None = None
    entries: list[DatabaseEntry] = field(default_factory=list)
    state: Literal["set", "unset", "invalid"] = "unset"
    internal_set: bool = False  # a variable names the internal database, be it well or badly
    any_set: bool = False  # so does one for any database
    findings: list[Finding] = field(default_factory=list)
    entry_variables: set[str] = field(default_factory=set)


class DatabaseReader:
    """Reads every database variable once, in the order in which people see the databases."""

    def __init__(self, env: Environment, contract: Contract | None) -> None:
        self.env = env
        self.contract = contract
        self.profile: Literal["paas", "local"] = "paas" if contract else "local"
        self.out = Databases()
        self._urls: dict[str, DatabaseUrl | None] = {}

    def read(self) -> Databases:
        """Return the databases; never raises for a bad value."""
        chosen = self._choose_internal()
        default = "DATABASE_URL" if self.env.is_set("DATABASE_URL") or not chosen else chosen
        self.out.internal_set = chosen is not None
        self._read_internal(chosen)
        self._read_list()
        self._read_named()
        self._read_attached(default)
        if chosen not in (None, default):
            self.out.entry_variables.add(default)  # it holds nothing of ours then
        self._read_default(default)
        self.out.findings.extend(same_targets(self.out.entries))
        if any(f.severity == "error" and _base(f.variable) == LIST for f in self._all()):
            self.out.state = "invalid"
        self.out.any_set = self.out.state == "invalid" or any(map(self.env.is_set, self._database_variables()))
        return self.out

    def _choose_internal(self) -> str | None:
        """Return the first variable that is set: a broken one is refused, never passed over."""
        names = self.contract.internal_variables if self.contract else ("DATABASE_URL",)
        return next((name for name in (INTERNAL, *names) if self.env.is_set(name)), None)

    def _read_internal(self, variable: str | None) -> None:
        url = self._url(variable) if variable else None
        if url is not None and variable:
            self.out.internal = DatabaseEntry(name="internal", url=url, variable=variable, label=url.dbname)

    def _read_list(self) -> None:
        self.out.entry_variables.update((LIST, INCLUDE_DEFAULT))
        text = self.env.text(LIST, parsed=True)
        if text is None:
            return
        self.out.state = "set"
        try:
            entries = parse_databases(text, profile=self.profile, variable=LIST)
        except InvalidEnvironment as invalid:
            self.out.findings.extend(invalid.findings)
            return
        for entry in entries:
            self.out.findings.extend(entry.warnings)
            self._add(replace(entry, url=self._with_tls(entry.url, LIST)))

    def _read_named(self) -> None:
        for variable in sorted({_base(name) for name in self.env.names()}):
            match = NAMED_DATABASE.fullmatch(variable)
            if not match or not self.env.is_set(variable):
                continue
            self.out.entry_variables.add(variable)
            name = match[1].lower()
            if problem := name_problem(name):
                self.out.findings.append(self._finding(problem, variable))
            elif url := self._url(variable):
                self._add(DatabaseEntry(name=name, url=url, variable=variable))

    def _read_attached(self, default: str) -> None:
        primary = self._url(default)
        for variable, name in self.contract.attached if self.contract else ():
            if not self.env.is_set(variable):
                continue
            self.out.entry_variables.add(variable)
            url = self._url(variable)
            if url and (primary is None or url.target() != primary.target()):
                self._add(DatabaseEntry(name=name, url=url, variable=variable))

    def _read_default(self, variable: str) -> None:
        """Put the database of DATABASE_URL first, unless it is switched off or named by an explicit entry."""
        included = self.env.boolean(INCLUDE_DEFAULT)
        url = self._url(variable) if self.env.is_set(variable) else None
        if url is None or included is False:
            return
        if all(entry.url.target() != url.target() for entry in self.out.entries):
            entry = DatabaseEntry(name="default", url=url, variable=variable, label=url.dbname)
            self.out.entries.insert(0, entry)

    def _add(self, entry: DatabaseEntry) -> None:
        if any(name_key(other.name) == name_key(entry.name) for other in self.out.entries):
            self.out.findings.append(self._finding("name-duplicate", entry.variable))
            return
        self.out.entries.append(entry)

    def _url(self, variable: str) -> DatabaseUrl | None:
        """Parse one variable, once; its findings are collected."""
        if variable not in self._urls:
            self._urls[variable] = self._parse(variable)
        return self._urls[variable]

    def _parse(self, variable: str) -> DatabaseUrl | None:
        text = self.env.text(variable, parsed=True)
        try:
            url = parse_database_url(text, profile=self.profile, variable=variable)
        except InvalidEnvironment as invalid:
            self.out.findings.extend(invalid.findings)
            return None
        if url is None:
            return None
        self.out.findings.extend(url.warnings)
        return self._with_tls(url, variable)

    def _with_tls(self, url: DatabaseUrl, variable: str) -> DatabaseUrl:
        """Apply the platform's default sslmode, and refuse what its PostgreSQL cannot do."""
        mode = url.params.get("sslmode")
        if mode is None:
            default = default_sslmode(url.host, self.contract)
            return url.with_params(sslmode=default) if default else url
        own = self.contract is not None and variable in (
            *self.contract.internal_variables,
            *dict(self.contract.attached),
        )
        managed = own and self.contract is not None and _matches(url.host, self.contract.managed_hosts)
        if managed and self.contract and self.contract.tls_ceiling == "require" and mode.startswith("verify"):
            self.out.findings.append(self._finding("tls-ceiling", variable))
        return url

    def _finding(self, kind: str, variable: str, **details: str) -> Finding:
        platform = self.contract.name if self.contract else None
        return finding(kind, variable, platform=platform, **details)

    def _database_variables(self) -> set[str]:
        own = self.contract.internal_variables if self.contract else ()
        return {INTERNAL, LIST, "DATABASE_URL", *own, *self.out.entry_variables} - {INCLUDE_DEFAULT}

    def _all(self) -> list[Finding]:
        return [*self.env.findings, *self.out.findings]


def default_sslmode(host: str, contract: Contract | None) -> str | None:
    """Return the sslmode for a URL that names none; None leaves libpq's own (this machine, own network)."""
    if contract is not None:
        return "prefer" if _matches(host, contract.private_hosts) else contract.default_sslmode
    return None if all(map(_own_network, host.split(","))) else "require"


def _own_network(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return "." not in host or host.startswith("/") or host.lower().endswith(_OWN_NETWORK)


def _matches(hosts: str, patterns: tuple[str, ...]) -> bool:
    """Do all of a comma list of hosts fit one of the patterns?"""
    return bool(patterns) and all(
        any(fnmatchcase(host.lower(), pattern) for pattern in patterns) for host in hosts.split(",")
    )


def _base(variable: str) -> str:
    return variable.removesuffix("_FILE")
