"""The list of user databases, and what every database's host means outside the old network."""

from __future__ import annotations

import re

from provisioner.database_url import DatabaseUrl
from provisioner.dsn import parse_database_url
from provisioner.entries import parse_databases
from provisioner.findings import InvalidEnvironment
from provisioner.hosts import numeric_address
from provisioner.plan_databases import LIST
from provisioner.variables import DATABASE_KINDS, find

from .conversion import Conversion

_ENTRY = re.compile(r"\(([^()|,]*)\|([^|,]*)\)")
_DOCKER_HOST = "host.docker.internal"


def convert_list(conversion: Conversion) -> None:
    """Take the list over; brackets inside a URL, which ended nothing in the old release, are encoded."""
    text = conversion.text(LIST)
    if text is None:
        return
    if _reads(text) or not _reads(mended := _encoded(text)):
        conversion.keep(LIST)
        return
    conversion.put(LIST, mended, LIST)
    conversion.add("import-brackets", LIST)
    conversion.settle(LIST, "changed", LIST, why="brackets inside a URL are percent-encoded")


def _reads(text: str) -> bool:
    try:
        return bool(parse_databases(text, profile="local"))
    except InvalidEnvironment:
        return False


def _encoded(text: str) -> str:
    """Return the list with ( and ) of each URL encoded; as it is where it is no list even so."""
    entries = re.split(r",(?=\s*\()", text.strip().strip(","))
    found = [_ENTRY.fullmatch(each.strip()) for each in entries]
    if not all(found):
        return text
    pairs = [(each[1], each[2].replace("(", "%28").replace(")", "%29")) for each in found if each]
    return ",".join(f"({name}|{url})" for name, url in pairs)


def judge_databases(conversion: Conversion) -> None:
    """Say what the new database variables cannot mean outside the old network; and where there are none."""
    variables = [each for each in conversion.new.values() if (row := find(each.name)) and row.kind in DATABASE_KINDS]
    if not variables:
        conversion.add("import-no-database", "DATABASE_URL")
    for each in variables:
        for url in _urls(each.name, each.value.get_secret_value()):
            for host in url.host.split(","):
                if what := _container(host):
                    conversion.add("import-container-host", each.name, what=what)


def read_url(text: str) -> DatabaseUrl | None:
    """Return the URL as it is read on a machine of one's own; None where it cannot be used."""
    try:
        return parse_database_url(text, profile="local")
    except InvalidEnvironment:
        return None


def _urls(name: str, text: str) -> list[DatabaseUrl]:
    if name.endswith("_FILE"):
        return []
    if name != LIST:
        return [url] if (url := read_url(text)) else []
    try:
        return [entry.url for entry in parse_databases(text, profile="local")]
    except InvalidEnvironment:
        return []


def _container(host: str) -> str:
    """Return in words what a host is that only containers know; '' for any other."""
    if host == _DOCKER_HOST:
        return "the old containers' name for the machine that they ran on"
    if host.startswith("/") or "." in host or ":" in host or host == "localhost" or numeric_address(host):
        return ""
    return "a name without a dot, as services of a Compose file have"
