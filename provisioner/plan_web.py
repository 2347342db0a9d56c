"""Hosts, origins, address, debug and size: what the server is started with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .environment import Environment
from .findings import Finding, finding
from .platform import Contract
from .sizing import Size, most_workers, size
from .web_values import check_bind, check_host, check_origin, own_origins, split_list

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
LOCAL_PORT = 8000
LOCAL_MEMORY_MB = 1024  # an ordinary machine has more; two workers need no more
LOCAL_CONNECTIONS = 100  # PostgreSQL's own default of max_connections


@dataclass(frozen=True, slots=True)
class Web:
    """What Django and gunicorn need to know of the outside."""

    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    bind: str
    port: int
    debug: bool
    behind_proxy: bool  # a machine of one's own, with one's own proxy that ends TLS
    findings: tuple[Finding, ...]


def read_web(env: Environment, contract: Contract | None) -> Web:
    """Read what is named here and in `_address`, and MATHESAR_BEHIND_PROXY; never raises for a value."""
    found: list[Finding] = []
    proxy = (env.boolean("MATHESAR_BEHIND_PROXY") or False) and contract is None  # a platform's contract knows better
    public = contract is not None or proxy
    hosts = _hosts(env, contract, found, public=public)
    tls = contract.trust_forwarded_proto if contract else proxy
    origins = _origins(env, contract, own_origins(hosts) if tls else (), found, public=public)
    debug = env.boolean("DEBUG") or False
    if debug and public:
        found.append(finding("debug-on", "DEBUG", platform=_name(contract)))
    bind, port = _address(env, contract, found)
    if contract and contract.any_host:
        hosts = ("*",)
    elif contract and not hosts:
        found.append(finding("hosts-missing", contract.host_variable, platform=contract.name))
    elif proxy and not hosts:
        found.append(finding("proxy-hosts-missing", "ALLOWED_HOSTS"))
    return Web(hosts, origins, bind, port, debug, proxy, tuple(dict.fromkeys(found)))


def _hosts(env: Environment, contract: Contract | None, found: list[Finding], *, public: bool) -> tuple[str, ...]:
    alias = "MATHESAR_ALLOWED_HOSTS"
    text = env.text("ALLOWED_HOSTS", aliases=(alias,)) or ""
    source = alias if env.is_set(alias) and not env.is_set("ALLOWED_HOSTS") else "ALLOWED_HOSTS"
    given = [(host, source) for host in split_list(text)]
    own = [(host, contract.host_variable) for host in contract.hosts] if contract else []
    hosts = [] if public else list(LOCAL_HOSTS)
    for host, variable in own + given:
        name, problem = check_host(host, variable, public=public, platform=_name(contract))
        if problem:
            found.append(problem)
        else:
            hosts.append(name)
    return tuple(dict.fromkeys(hosts))


def _origins(
    env: Environment, contract: Contract | None, own: Iterable[str], found: list[Finding], *, public: bool
) -> tuple[str, ...]:
    # Without TLS before it there is no https origin of its own, and Django needs none for plain http.
    origins = list(own)
    variable = "CSRF_TRUSTED_ORIGINS"
    for given in split_list(env.text(variable) or ""):
        origin, problem = check_origin(given, variable, public=public, platform=_name(contract))
        if problem:
            found.append(problem)
        else:
            origins.append(origin)
    return tuple(dict.fromkeys(origins))


def _address(env: Environment, contract: Contract | None, found: list[Finding]) -> tuple[str, int]:
    port = env.integer("PORT", minimum=1, maximum=65535)
    if contract:
        if port in contract.reserved_ports:
            expected = f"a port that {contract.label} leaves free"
            found.append(finding("range", "PORT", platform=contract.name, expected=expected))
        port = port or contract.default_port
        return f"{contract.bind_address}:{port}", port
    bind = env.text("MATHESAR_BIND")
    if bind is None:
        return f"127.0.0.1:{port or LOCAL_PORT}", port or LOCAL_PORT
    address = check_bind(bind)
    if address is None:
        found.append(finding("bind-invalid", "MATHESAR_BIND"))
        return f"127.0.0.1:{LOCAL_PORT}", LOCAL_PORT
    port = port or address[1]  # a port that is injected is the one that is asked for
    return f"{address[0]}:{port}", port


def read_size(env: Environment, contract: Contract | None) -> tuple[Size, list[Finding]]:
    """Size the server; WEB_CONCURRENCY is refused, not lowered, where it does not fit."""
    asked = env.integer("WEB_CONCURRENCY", minimum=1, maximum=10_000)
    memory = contract.memory_mb if contract else LOCAL_MEMORY_MB
    limit = contract.connection_limit if contract else LOCAL_CONNECTIONS
    result = size(memory, limit, workers=asked)
    found = []
    if not result.fits_connections:
        details = {"limit": str(limit), "most": str(most_workers(limit))}
        found.append(finding("conn-budget", "WEB_CONCURRENCY", platform=_name(contract), **details))
    elif not result.fits_memory:
        details = {"memory": str(memory)}
        found.append(finding("memory-budget", "WEB_CONCURRENCY", platform=_name(contract), **details))
    return result, found


def _name(contract: Contract | None) -> str | None:
    return contract.name if contract else None
