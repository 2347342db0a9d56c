"""What a platform means for us, and the registry through which platforms are found.

A platform is a class named in the entry-point group ``provisioner.platforms``; any installed package may
add one. The core never imports a platform by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from .findings import UnknownPlatform

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from .facts import Facts

GROUP = "provisioner.platforms"


@dataclass(frozen=True, slots=True)
class Contract:
    """One platform's promises, normalised from one environment. Times in seconds, memory in MiB."""

    name: str
    label: str
    hosts: tuple[str, ...] = ()
    host_variable: str = ""  # where ``hosts`` came from, or would come from
    any_host: bool = False  # the platform's router refuses foreign Host headers itself
    bind_address: str = "0.0.0.0"  # noqa: S104 - a platform's router connects from outside
    default_port: int = 8000
    reserved_ports: frozenset[int] = frozenset()
    trust_forwarded_proto: bool = True
    forwarded_hops: int = 1
    default_sslmode: str = "require"
    private_hosts: tuple[str, ...] = ()  # patterns of the private network, where TLS is optional
    managed_hosts: tuple[str, ...] = ()  # patterns of its own PostgreSQL, where ``tls_ceiling`` holds
    tls_ceiling: str = "verify-full"
    ca_certificate: str | None = None  # PEM text of the managed PostgreSQL's own authority
    prober_hosts: tuple[str, ...] = ()
    shutdown_seconds: int = 30
    keepalive_seconds: int = 75
    memory_mb: int = 512
    connection_limit: int = 100
    secret_generator: bool = True
    internal_variables: tuple[str, ...] = ("DATABASE_URL",)
    attached: tuple[tuple[str, str], ...] = ()  # (variable, entry name)
    notices: tuple[tuple[str, str], ...] = ()  # (kind of finding, variable) that the platform itself noticed


class Platform(Protocol):
    """What an entry point of the group must give when called without arguments."""

    name: str
    label: str

    def detect(self, environ: Mapping[str, str]) -> bool:
        """Tell whether this environment is the platform's, from its markers alone."""
        ...

    def contract(self, environ: Mapping[str, str]) -> Contract:
        """Normalise the environment; reads the platform's facts, so only called for the chosen one."""
        ...


class Declared:
    """A platform with no marker of its own that would tell it: what we generate for it says APP_PLATFORM."""

    name: str
    label: str

    def detect(self, environ: Mapping[str, str]) -> bool:
        return environ.get("APP_PLATFORM", "").strip() == self.name


def contract_of(platform: Platform | Declared, facts: Facts, **own: Any) -> Contract:
    """Return what the facts say of the fields of Contract that they are named after, and `own`, which comes first.

    Raises KeyError where a number that each platform has is no fact, and TypeError where a fact is not of its type.
    """
    numbers = ("default_port", "shutdown_seconds", "memory_mb", "connection_limit")
    readers = {
        **dict.fromkeys((*numbers, "keepalive_seconds"), facts.integer),
        **dict.fromkeys(("bind_address", "tls_ceiling"), facts.text),
        **dict.fromkeys(("private_hosts", "managed_hosts", "prober_hosts"), facts.texts),
        "reserved_ports": facts.integers,
    }
    known = {field: read(field) for field, read in readers.items() if field in facts.facts or field in numbers}
    return Contract(**{"name": platform.name, "label": platform.label, **known, **own})


def perhaps_proxied(environ: Mapping[str, str], otherwise: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of Contract where TLS is the work of a proxy, and there may be none: APP_URL tells.

    `otherwise` are the hosts where APP_URL is not given.
    """
    from .web_values import own_address

    host, secure = own_address(environ.get("APP_URL", "").strip())
    hosts = (host,) if host else otherwise
    return {"hosts": hosts, "host_variable": "APP_URL", "trust_forwarded_proto": secure, "forwarded_hops": int(secure)}


@cache
def registered() -> Mapping[str, EntryPoint]:
    """Return the entry points by platform name, sorted; nothing is imported yet.

    Looked for once in a process, since every installed package is asked (12 ms with those of this project).
    """
    from importlib.metadata import entry_points

    found = {point.name: point for point in entry_points(group=GROUP)}
    return MappingProxyType(dict(sorted(found.items())))


def load(name: str) -> Platform:
    """Return the platform called `name`.

    Raises UnknownPlatform, listing the known ones, where none is registered under that name.
    """
    known = registered()
    if name not in known:
        raise UnknownPlatform(f"no platform {name!r} is installed; known: {', '.join(known)}")
    platform: Platform = known[name].load()()
    return platform


def detect(environ: Mapping[str, str]) -> tuple[Platform, ...]:
    """Return every platform whose markers are in `environ`: none, one, or a contradiction."""
    platforms: list[Platform] = [point.load()() for point in registered().values()]
    return tuple(platform for platform in platforms if platform.detect(environ))


def room(platform: Platform, name: str) -> Any:
    """Return the module called `name` beside the platform's own (``manifest``, ``lint``); None where it has none.

    The rooms of a platform have the same names everywhere, so an entry point names the platform alone.
    """
    from importlib import import_module
    from importlib.util import find_spec

    package = type(platform).__module__.rpartition(".")[0]
    if not package or find_spec(f"{package}.{name}") is None:
        return None
    return import_module(f"{package}.{name}")
