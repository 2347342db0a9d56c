"""One meaning for a database URL: libpq's.

The value is read twice, by the strict grammar here and by libpq; where the two disagree it is refused.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NoReturn

from provisioner import libpq, parameters, url_advice
from provisioner.database_url import DatabaseUrl
from provisioner.findings import InvalidEnvironment, finding
from provisioner.hosts import HostRefused, Profile, check_host
from provisioner.secret import Secret
from provisioner.text import (
    MAX_LENGTH,
    Cleaned,
    clean,
    has_control,
    has_space,
    is_placeholder,
)

_SCHEME = re.compile(r"postgres(?:ql)?://")
_NOT_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
DEFAULT_PORT = "5432"

__all__ = ["DatabaseUrl", "parse_cleaned", "parse_database_url"]


class _Refused(Exception):
    def __init__(self, kind: str, **details: str) -> None:
        super().__init__(kind)
        self.kind, self.details = kind, details


def parse_database_url(
    value: str | None, *, profile: Profile = "paas", variable: str = "DATABASE_URL"
) -> DatabaseUrl | None:
    """Read one database URL; None when it is unset or blank.

    Raises InvalidEnvironment with one finding for the decisive fault. Nothing in it shows the value.
    """
    cleaned = clean(value)
    if cleaned is None:
        return None
    return parse_cleaned(cleaned, profile=profile, variable=variable)


def parse_cleaned(cleaned: Cleaned, *, profile: Profile, variable: str, entry: str | None = None) -> DatabaseUrl:
    """Read a URL that is already trimmed; raises as parse_database_url does."""
    kinds = list(cleaned.warnings)
    try:
        if cleaned.problem:
            _refuse(cleaned.problem)
        url, more = _read(cleaned.text, profile)
    except _Refused as refused:
        raise InvalidEnvironment([finding(refused.kind, variable, entry=entry, **refused.details)]) from None
    if not kinds and not more:
        return url
    warnings = [finding(kind, variable, entry=entry) for kind in kinds]
    warnings += [finding(kind, variable, entry=entry, **details) for kind, details in more]
    return replace(url, warnings=tuple(warnings))


def _refuse(kind: str, **details: str) -> NoReturn:
    raise _Refused(kind, **details)


def _read(text: str, profile: Profile) -> tuple[DatabaseUrl, list[tuple[str, dict[str, str]]]]:
    if len(text) > MAX_LENGTH:
        _refuse("too-long", limit="32 KiB")
    scheme = _SCHEME.match(text)
    if not text.isascii() or not text.isprintable() or " " in text:
        if has_control(text):
            _refuse("control-char")
        if scheme and has_space(text):
            _refuse("whitespace")
    if scheme is None:
        _refuse("scheme")
    rest = text[scheme.end() :]
    if "%" in rest and _NOT_ESCAPE.search(rest):
        _refuse("percent-encoding")

    userinfo, place, path, query = _split(rest)
    if example := url_advice.example_problem(userinfo, place, path or ""):
        _refuse(example)
    params, socket = _parameters(query, profile if not place else "paas")
    user, _colon, password = userinfo.partition(":")
    if socket and not user:
        _refuse("no-user")
    hosts, ports = _places(place) if not socket else ([socket], [""])
    if not user:
        _refuse("no-user")
    if not password:
        _refuse("no-password")
    dbname = _database(path)
    user, password = _decode(user), _decode(password)
    if is_placeholder(password):
        _refuse("placeholder")
    if len(user) > 63 and len(user.encode()) > 63:
        _refuse("dbname", reason="the user's name is over 63 bytes")
    hosts = [_host(host, profile) for host in hosts]
    for host in hosts:
        try:
            check_host(host, profile)
        except HostRefused as refused:
            _refuse(refused.kind, what=refused.what)

    url = DatabaseUrl(",".join(hosts), ",".join(_port(port) for port in ports), user, Secret(password), dbname, params)
    if not _agrees(libpq.read(text), url):
        _refuse("ambiguous")
    if "sslrootcert" in params:
        params["sslmode"] = "verify-full"  # libpq refuses the system's roots with anything weaker
    warnings: list[tuple[str, dict[str, str]]] = []
    if url_advice.reads_otherwise(userinfo):
        warnings.append(("not-encoded", {}))
    mode = params.get("sslmode", "")
    if mode in parameters.CLEARTEXT_MODES and not url_advice.is_local(hosts):
        warnings.append(("plaintext", {"mode": mode}))
    if url_advice.is_pooler(url.host, url.port):
        warnings.append(("transaction-pooler", {}))
    return url, warnings


def _split(rest: str) -> tuple[str, str, str | None, str]:
    """Cut what follows the scheme as libpq does: the first @ before any / ends the credentials."""
    authority, slash, path = rest.partition("/")
    userinfo, at, place = authority.partition("@")
    if not at:
        userinfo, place = "", authority
    query = ""
    if "?" in place:  # the path is absent: host?parameters
        place, _, query = place.partition("?")
        query, path, slash = query + slash + path, "", ""
    elif slash:
        path, _, query = path.partition("?")
    if "@" in place:
        _refuse("password-needs-encoding", character="@")
    if "@" in path:
        _refuse("password-needs-encoding", character="@" if at else "/")
    if "#" in place or "#" in path or "#" in query:
        _refuse("fragment")
    return userinfo, place, path if slash else None, query


def _parameters(query: str, profile: Profile) -> tuple[dict[str, str], str]:
    params: dict[str, str] = {}
    socket = ""
    if not query:
        return params, socket
    pieces = query.split("&")
    if not pieces[-1]:
        pieces.pop()  # libpq passes over a trailing &
    for position, piece in enumerate(pieces, start=1):
        name, equals, raw = piece.partition("=")
        if not piece:
            _refuse("param-value", parameter=f"number {position}", expected="name=value")
        name, value = _decode(name), _decode(raw)
        if profile == "local" and name == "host" and value.startswith("/") and not socket:
            socket = value
            continue
        if name == "ssl" and value == "true":
            name, value = "sslmode", "require"
        wrong = parameters.problem(name, value if equals and "=" not in raw else None)
        if wrong is not None:
            _refuse(wrong[0], **{"position": str(position), **wrong[1]})
        if name in params:
            _refuse("param-duplicate", parameter=name)
        params[name] = value
    return params, socket


def _places(place: str) -> tuple[list[str], list[str]]:
    hosts, ports = [], []
    for each in place.split(","):
        if each[:1] == "[":
            host, bracket, tail = each[1:].partition("]")
            if not bracket or (tail and tail[0] != ":") or ":" not in host:
                _refuse("host-invalid")
            port = tail[1:]
        else:
            host, _, port = each.partition(":")
        if not host:
            _refuse("no-host")
        if port and not (port.isascii() and port.isdigit() and len(port) <= 20 and 1 <= int(port) <= 65535):
            _refuse("port")
        hosts.append(host)
        ports.append(port)
    return hosts, ports


def _port(text: str) -> str:
    return str(int(text)) if text else DEFAULT_PORT


def _host(raw: str, profile: Profile) -> str:
    if "%" not in raw:
        return raw
    host = _decode(raw)
    if "%" in host and ":" in host and host[0] != "/":
        _refuse("host-blocked", what="a link-local address")  # only those carry a zone: fe80::1%eth0
    if not host.startswith(("/", "@")):
        _refuse("host-invalid")  # only a socket's folder needs encoding
    return host


def _database(path: str | None) -> str:
    if not path:
        _refuse("no-dbname")
    if "/" in path:
        _refuse("dbname", reason="it holds a raw /")
    name = _decode(path)
    if "=" in name or "://" in name:
        _refuse("dbname", reason="it holds = or ://")
    if len(name) > 15 and len(name.encode()) > 63:
        _refuse("dbname", reason="it is longer than 63 bytes")
    return name


def _decode(text: str) -> str:
    if "%" not in text:
        return text
    try:
        decoded = _ESCAPES.sub(lambda m: bytes.fromhex(m[0].replace("%", "")).decode(), text)
    except UnicodeDecodeError:
        raise _Refused("encoding") from None
    if has_control(decoded):
        _refuse("control-char")
    return decoded


def _agrees(reading: dict[str, str] | None, url: DatabaseUrl) -> bool:
    if reading is None:
        return False
    ports = ",".join(_port(port) for port in reading.pop("port", "").split(","))
    if ports == DEFAULT_PORT and "," in url.port:
        ports = url.port
    return (
        reading.pop("host", None) == url.host
        and ports == url.port
        and reading.pop("user", None) == url.user
        and reading.pop("dbname", None) == url.dbname
        and reading.pop("password", None) == url.password.get_secret_value()
        and reading == url.params
    )
