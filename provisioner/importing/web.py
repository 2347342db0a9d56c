"""Where the site is reached: DOMAIN_NAME, ALLOWED_HOSTS and the ports of the old containers."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from provisioner.text import clean
from provisioner.web_values import split_list

from .conversion import Conversion

HOSTS, ALIAS, ORIGINS = "ALLOWED_HOSTS", "MATHESAR_ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"
_ADDRESSES = ("DOMAIN_NAME", "APP_URL")
_SITE = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[0-9a-f:.]+\]|[^/:\s\[\]]*)(?::(?P<port>\d{1,5}))?(?:/.*)?", re.IGNORECASE
)
_OWN_NAMES = ("localhost", ".localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 - a name to recognise


class _Site(NamedTuple):
    scheme: str
    host: str
    port: str


@dataclass(slots=True)
class _Gathered:
    hosts: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # kinds of entries, in words; never an entry itself


def convert_web(conversion: Conversion) -> None:
    """Settle every variable about addresses and ports."""
    _addresses(conversion)
    _ports(conversion)


def _addresses(conversion: Conversion) -> None:
    contract = conversion.contract
    addresses = conversion.open(*_ADDRESSES)
    if contract and "APP_URL" in addresses and contract.host_variable == "APP_URL":
        conversion.keep("APP_URL")
        addresses.remove("APP_URL")
    lists = conversion.open(HOSTS, ALIAS)
    public, listed = _Gathered(), _Gathered()
    silent = []  # those that name no host
    for name in addresses:
        before = len(public.hosts)
        _gather(conversion, public, split_list(_text(conversion, name)), origins=True)
        silent += [name] if len(public.hosts) == before else []
    for name in lists:
        _gather(conversion, listed, _entries(_text(conversion, name)), origins=False)
    if "*" in listed.hosts and (contract or public.hosts):
        listed.hosts.remove("*")
        listed.refused.append("any host (*)")
    hosts = list(dict.fromkeys([*listed.hosts, *public.hosts]))
    sources = [*(lists if listed.hosts else ()), *(addresses if public.hosts else ())]
    if hosts:
        conversion.put(HOSTS, ",".join(hosts), *sources)
    _origins(conversion, public.origins, addresses)
    for name in lists:
        same = name == HOSTS and split_list(_text(conversion, name)) == hosts
        if same:
            conversion.keep(name)
        elif listed.hosts:
            conversion.settle(name, "changed" if name == HOSTS else "renamed", HOSTS)
        else:
            conversion.drop(name, why="none of its hosts needs to be named here, or may be")
    for name in addresses:
        to = [each for each in (HOSTS, ORIGINS) if _holds(conversion, each, public) and name not in silent]
        if to:
            conversion.settle(name, "merged", *to, why="its host is answered")
        else:
            conversion.drop(name, why="it names no host that has to be named here")
    refused = list(dict.fromkeys([*listed.refused, *public.refused]))
    if refused:
        conversion.add("import-hosts", HOSTS, what=", ".join(refused))


def _holds(conversion: Conversion, name: str, public: _Gathered) -> bool:
    """Tell whether today's variable holds what the public addresses give it."""
    return name in conversion.new and bool(public.hosts if name == HOSTS else public.origins)


def _gather(conversion: Conversion, into: _Gathered, entries: list[str], *, origins: bool) -> None:
    contract = conversion.contract
    for entry in entries:
        found = _SITE.fullmatch(entry)
        site = _Site(found["scheme"] or "", found["host"].lower(), found["port"] or "") if found else _Site("", "", "")
        host = site.host.removeprefix("*") if site.host.startswith("*.") else site.host
        if not host or (origins and host == "*"):
            into.refused.append("an entry that names no host")
        elif contract and host in _OWN_NAMES:
            into.refused.append("this machine's own names")
        else:
            into.hosts.append(host)
            # The old proxy took an address without http:// for one with TLS (DOCS, caddy).
            if origins and site.scheme.lower() != "http" and host not in _OWN_NAMES:
                into.origins.append(f"https://{site.host}{_port(conversion, site)}")


def _origins(conversion: Conversion, origins: list[str], addresses: list[str]) -> None:
    """Name the origins where X-Forwarded-Proto is not believed; elsewhere they follow from the hosts."""
    contract = conversion.contract
    if not origins or (contract and contract.trust_forwarded_proto):
        return
    given = split_list(_text(conversion, ORIGINS)) if conversion.open(ORIGINS) else []
    sources = ([ORIGINS] if given else []) + addresses
    if any(origin.rpartition(":")[2] == _https_port(conversion) for origin in origins):
        sources.append("HTTPS_PORT")
        conversion.settle("HTTPS_PORT", "merged", ORIGINS, why="it is the port there")
    conversion.put(ORIGINS, ",".join(dict.fromkeys([*given, *origins])), *sources)
    if given:
        conversion.settle(ORIGINS, "changed", ORIGINS, why="the origin of the public address is added")


def _port(conversion: Conversion, site: _Site) -> str:
    port = site.port or _https_port(conversion)
    return f":{port}" if port and port != "443" else ""


def _https_port(conversion: Conversion) -> str:
    """Return the port of the old proxy, where one is set."""
    cleaned = clean(conversion.text("HTTPS_PORT"))
    return cleaned.text if cleaned and re.fullmatch(r"[0-9]{1,5}", cleaned.text) else ""


def _text(conversion: Conversion, name: str) -> str:
    cleaned = clean(conversion.old[name].text)
    return cleaned.text if cleaned else ""


def _entries(text: str) -> list[str]:
    """Return a list's entries; an installer of 0.1 wrote it in brackets: ALLOWED_HOSTS=[*]."""
    if text.startswith("[") and text.endswith("]") and not _is_ipv6(text[1:-1]):
        text = text[1:-1]
    return [each.strip("'\"") for each in split_list(text)]


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text.split("]")[0])
    except ValueError:
        return False
    return True


def _ports(conversion: Conversion) -> None:
    contract = conversion.contract
    if contract and conversion.open("PORT") and contract.host_variable != "APP_URL":
        conversion.add("import-platform-sets", "PORT", label=contract.label)
        conversion.drop("PORT", why=f"{contract.label} sets it itself")
    if conversion.open("HOST_PORT"):
        if contract is None or contract.host_variable == "APP_URL":
            conversion.rename("HOST_PORT", "PORT")
        else:
            conversion.add("import-platform-sets", "HOST_PORT", label=contract.label)
            conversion.drop("HOST_PORT", why=f"{contract.label} chooses the port itself")
