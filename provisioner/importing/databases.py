"""The internal database: one URL out of what older releases took as a URL or in parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisioner.database_url import DatabaseUrl
from provisioner.hosts import HostRefused, check_host
from provisioner.parameters import SSL_MODES
from provisioner.plan_databases import INCLUDE_DEFAULT, INTERNAL, LIST
from provisioner.secret import Secret
from provisioner.text import clean
from provisioner.variables import VARIABLES

from .conversion import Conversion
from .entries_list import convert_list, read_url
from .old_names import DEFAULTS, OLD_NAMES, PASSWORD, of_kind

OLD_URL = "DJANGO_DATABASE_URL"
_OWN = (INTERNAL, "DATABASE_URL")
_SHARED = {LIST, "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "PORT", "WEB_CONCURRENCY"}  # read by the old product too
_WORDS = {"dbname": "database's name"}
# It stops the start: without it the new install would make a database of its own where none was meant.
UNKNOWN = "<the URL of the internal database>"


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    part: str
    value: str = field(repr=False)


def convert_databases(conversion: Conversion) -> None:
    """Settle every variable about a database."""
    parts = [
        _Part(name, OLD_NAMES[name].words, _meant(name, conversion.old[name].text))
        for name in conversion.open(*of_kind("part"))
    ]
    own = next((name for name in _OWN if conversion.open(name) or name in conversion.new), None)
    from_old = own is None and bool(
        parts or conversion.open(OLD_URL) or (conversion.open(LIST) and not _ours(conversion))
    )
    if conversion.open(OLD_URL):
        if own is None:
            conversion.rename(OLD_URL, INTERNAL)
        else:
            _compare_url(conversion, own)
        own = own or INTERNAL
    if own is not None:
        _compare_parts(conversion, own, parts)
    elif any(map(conversion.unwritable, of_kind("part", "internal"))):
        _give_up(conversion, parts)
    elif conversion.open(*(f"{name}_FILE" for name in of_kind("part"))):
        _give_up(conversion, parts)  # what that file holds is known in the old container alone
    elif parts:
        _build(conversion, parts)
    convert_list(conversion)
    if from_old:
        conversion.add("import-accounts", INTERNAL if INTERNAL in conversion.new else LIST)
        conversion.add("import-schemas", LIST if LIST in conversion.new else INTERNAL)
    if from_old and INTERNAL in conversion.new and not conversion.open(INCLUDE_DEFAULT):
        conversion.put(INCLUDE_DEFAULT, "false")
        conversion.add("import-hidden", INCLUDE_DEFAULT)


def _ours(conversion: Conversion) -> bool:
    """Tell whether the file is one of this project's own: it has names that no release of the old product read."""
    own = {variable.name for variable in VARIABLES} - _SHARED | set(of_kind("marker"))
    return bool(conversion.open(*own))


def _meant(name: str, text: str) -> str:
    """Return the value without its wrapping; a password's blanks and quotes are its own."""
    cleaned = clean(text)
    return text if name == PASSWORD or cleaned is None else cleaned.text


def _value(conversion: Conversion, name: str) -> str:
    return conversion.new[name].value.get_secret_value() if name in conversion.new else conversion.old[name].text


def _compare_url(conversion: Conversion, own: str) -> None:
    mine, theirs = read_url(_value(conversion, own)), read_url(conversion.old[OLD_URL].text)
    if mine is not None and mine == theirs:
        conversion.settle(OLD_URL, "merged", own, why="it names the same database")
    else:
        conversion.differs(OLD_URL, own)


def _compare_parts(conversion: Conversion, own: str, parts: list[_Part]) -> None:
    url = read_url(_value(conversion, own))
    for each in parts:
        if url is not None and each.value == _part(url, each.part):
            conversion.settle(each.name, "merged", own, why=f"it is the {_WORDS.get(each.part, each.part)} there")
        else:
            conversion.differs(each.name, own)


def _part(url: DatabaseUrl, part: str) -> str | None:
    if part == "password":
        return url.password.get_secret_value()
    return url.params.get(part) if part == "sslmode" else str(getattr(url, part))


def _give_up(conversion: Conversion, parts: list[_Part]) -> None:
    for each in parts:
        conversion.drop(each.name, why="no URL can be made of the parts")
    conversion.put(INTERNAL, UNKNOWN, *(each.name for each in parts))


def _build(conversion: Conversion, parts: list[_Part]) -> None:
    """Make one URL of the parts, with the old defaults where one is missing."""
    given = {each.part: each.value for each in parts}
    socket = given.get("host", "").startswith("/")
    taken = [
        name
        for name in DEFAULTS
        if OLD_NAMES[name].words not in given and not (socket and name == PASSWORD)  # trust or peer
    ]
    values = {OLD_NAMES[name].words: DEFAULTS[name] for name in taken} | given
    if not _fits(conversion, values):
        _give_up(conversion, parts)
        return
    hosts = values["host"].strip("[]") if values["host"].startswith("[") else values["host"]
    count = 1 if socket else len(hosts.split(","))
    port = ",".join([values["port"]] * count) if "," not in values["port"] else values["port"]
    params = {"sslmode": values["sslmode"]} if "sslmode" in values else {}
    password = Secret(values.get("password", ""))
    url = DatabaseUrl(hosts, port, values["user"], password, values["dbname"], params).canonical()
    conversion.put(INTERNAL, url, *(each.name for each in parts))
    for each in parts:
        conversion.settle(each.name, "merged", INTERNAL, why=f"it is the {_WORDS.get(each.part, each.part)} there")
    if taken:
        verb = "is" if len(taken) == 1 else "are"
        conversion.add("import-default", INTERNAL, names=f"{', '.join(taken)} {verb}")


def _fits(conversion: Conversion, values: dict[str, str]) -> bool:
    """Tell whether the parts can stand in a URL unencoded where nothing may be encoded; else say which cannot."""
    before = len(conversion.findings)
    hosts, ports = values["host"].split(","), values["port"].split(",")
    try:
        for host in hosts if not values["host"].startswith("/") else [values["host"]]:
            check_host(host.strip("[]"), "local")
    except HostRefused as refused:
        conversion.add(refused.kind, "POSTGRES_HOST", what=refused.what)
    if len(ports) not in (1, len(hosts)) or not all(map(_is_port, ports)):
        conversion.add("port", "POSTGRES_PORT")
    if values.get("sslmode", SSL_MODES[0]) not in SSL_MODES:
        conversion.add("param-value", "POSTGRES_SSLMODE", parameter="sslmode", expected=" or ".join(SSL_MODES))
    return len(conversion.findings) == before


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= 65535
