"""From an environment to a frozen Plan, or to all findings at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .entries import DatabaseEntry
from .environment import Environment
from .findings import Finding, InvalidEnvironment, finding
from .plan_databases import INTERNAL, DatabaseReader, Databases
from .plan_first_run import Admin, FirstRun, read_first_run
from .plan_names import misspelt, needed_names
from .plan_secrets import Secrets, read_secrets
from .plan_web import LOCAL_CONNECTIONS, LOCAL_MEMORY_MB, Web, read_size, read_web
from .platform import Contract, detect, load
from .secret import Secret
from .sizing import Size

LOOPBACK = frozenset({"127.0.0.1", "[::1]", "localhost"})
LOCAL_GRACE = 10  # seconds for requests in flight when a person stops the server
DRAIN_MARGIN = 5  # seconds kept between our own limit and the platform's SIGKILL


@dataclass(frozen=True)
class Plan:
    """What would run, validated. URLs already carry their effective sslmode. Times in seconds."""

    platform: str | None
    platform_label: str
    profile: Literal["paas", "local"]
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    bind: str
    port: int
    secret_key: Secret | None
    secret_key_fallbacks: tuple[Secret, ...]
    secret_key_source: Literal["environment", "database", "file"]
    internal: DatabaseEntry | None
    entries: tuple[DatabaseEntry, ...]
    entries_state: Literal["set", "unset", "invalid"]
    embedded: bool
    data_dir: str | None
    workers: int
    threads: int
    pool_size: int
    graceful_timeout: int
    keepalive: int
    trust_forwarded_proto: bool
    forwarded_hops: int
    debug: bool
    memory_mb: int
    connection_limit: int
    findings: tuple[Finding, ...]
    setup_code: Secret | None = None  # given by the platform; else it is derived from the key
    admin: Admin | None = None  # the first superuser, where the environment names it
    on_key_mismatch: Literal["serve", "refuse"] = "serve"
    block_private_hosts: bool = False  # for the user databases that people add
    ca_certificate: str | None = None  # PEM of the managed PostgreSQL's own authority, for verify-full

    @property
    def own_machine(self) -> bool:
        """Whether everything is on one machine that nobody else reaches: the log's link may sign its owner in."""
        return self.embedded and not self.trust_forwarded_proto and self.bind.rpartition(":")[0] in LOOPBACK


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that was found; `plan` is None where `stopping` holds the findings that stop the start."""

    findings: tuple[Finding, ...]
    stopping: tuple[Finding, ...]
    plan: Plan | None


def plan(environ: Mapping[str, str], *, platform: str | None = None) -> Plan:
    """Read `environ` into a Plan.

    `platform` forces one by name instead of detecting it. Raises InvalidEnvironment with every finding where
    one of them must stop the start (findings about entries alone are on the Plan), and UnknownPlatform.
    """
    examination = examine(environ, platform=platform)
    if examination.plan is None:
        raise InvalidEnvironment(examination.findings)
    return examination.plan


def examine(
    environ: Mapping[str, str],
    *,
    platform: str | None = None,
    given: Sequence[Finding] = (),
    tried: frozenset[str] = frozenset(),
) -> Examination:
    """Do what `plan` does, without raising for what is found; an unknown `platform` still raises.

    `given` is what was found before, while `environ` was put together, and `tried` are the variables that were
    meant to be set then: nothing says that they are missing.
    """
    contract, found = _contract(environ, platform)
    env = Environment(environ, platform=contract.name if contract else None)
    env.findings.extend(given)
    databases = DatabaseReader(env, contract).read()
    secrets = read_secrets(env, contract)
    first_run = read_first_run(env, contract)
    web = read_web(env, contract)
    size, size_findings = read_size(env, contract)
    data_dir = env.text("MATHESAR_DATA_DIR")
    embed = env.boolean("MATHESAR_EMBEDDED_DATABASE") is not False
    needed = needed_names(
        contract,
        internal_set=databases.internal_set,
        any_set=databases.any_set,
        secret=secrets.missing,
    )
    names, meant = misspelt(env, contract, needed)
    found += _missing(contract, databases, secrets, meant | tried)
    found += [*env.findings, *databases.findings, *secrets.findings, *first_run.findings, *web.findings]
    found += [*size_findings, *names]
    findings = tuple(dict.fromkeys(found))
    stopping = tuple(item for item in findings if _stops(item, databases))
    if stopping:
        return Examination(findings, stopping, None)
    result = _assemble(contract, databases, secrets, first_run, web, size, data_dir, embed, findings)
    return Examination(findings, (), result)


def _contract(environ: Mapping[str, str], name: str | None) -> tuple[Contract | None, list[Finding]]:
    """Return the platform's contract, detected or forced, and what is wrong with the choice."""
    if name is not None:
        contract = load(name).contract(environ)
        return contract, _notices(contract)
    platforms = detect(environ)
    if not platforms:
        return None, []
    contract = platforms[0].contract(environ)
    found = _notices(contract)
    if len(platforms) > 1:
        labels = " and ".join(platform.label for platform in platforms)
        found.append(finding("platform-ambiguous", "--platform", platform=contract.name, labels=labels))
    return contract, found


def _notices(contract: Contract) -> list[Finding]:
    return [finding(kind, variable, platform=contract.name) for kind, variable in contract.notices]


def _missing(contract: Contract | None, databases: Databases, secrets: Secrets, meant: frozenset[str]) -> list[Finding]:
    """Return what a platform needs and lacks; `meant` are the names that a misspelt one stands for."""
    if contract is None:
        return []
    found = []
    if not databases.internal_set and not meant.intersection((INTERNAL, *contract.internal_variables)):
        found.append(finding("database-missing", contract.internal_variables[-1], platform=contract.name))
    if secrets.missing and "SECRET_KEY" not in meant:
        kind = "secret-missing" if contract.secret_generator else "secret-generated"
        found.append(finding(kind, "SECRET_KEY", platform=contract.name))
    return found


def _stops(item: Finding, databases: Databases) -> bool:
    """Does this finding keep the app from its internal database, its secrets or its own configuration?"""
    return item.severity == "error" and item.variable.removesuffix("_FILE") not in databases.entry_variables


def _assemble(
    contract: Contract | None,
    databases: Databases,
    secrets: Secrets,
    first_run: FirstRun,
    web: Web,
    size: Size,
    data_dir: str | None,
    embed: bool,
    findings: tuple[Finding, ...],
) -> Plan:
    generated: Literal["file", "database"]
    generated = "file" if contract is None or contract.secret_generator else "database"
    window = contract.shutdown_seconds - DRAIN_MARGIN if contract else LOCAL_GRACE
    return Plan(
        platform=contract.name if contract else None,
        platform_label=contract.label if contract else "this machine",
        profile="paas" if contract else "local",
        hosts=web.hosts,
        origins=web.origins,
        bind=web.bind,
        port=web.port,
        secret_key=secrets.key,
        secret_key_fallbacks=secrets.fallbacks,
        secret_key_source="environment" if secrets.key else generated,
        internal=databases.internal,
        entries=tuple(databases.entries),
        entries_state=databases.state,
        embedded=embed and contract is None and not databases.any_set,
        data_dir=data_dir,
        workers=size.workers,
        threads=size.threads,
        pool_size=size.pool_size,
        graceful_timeout=max(1, window),
        keepalive=contract.keepalive_seconds if contract else 5,
        trust_forwarded_proto=contract.trust_forwarded_proto if contract else web.behind_proxy,
        forwarded_hops=contract.forwarded_hops if contract else int(web.behind_proxy),
        debug=web.debug,
        memory_mb=contract.memory_mb if contract else LOCAL_MEMORY_MB,
        connection_limit=contract.connection_limit if contract else LOCAL_CONNECTIONS,
        findings=findings,
        setup_code=first_run.setup_code,
        admin=first_run.admin,
        on_key_mismatch=first_run.on_key_mismatch,
        block_private_hosts=first_run.block_private_hosts,
        ca_certificate=contract.ca_certificate if contract else None,
    )
