"""What a command line would do: the port and address that it binds, and whether it migrates a database."""

from __future__ import annotations

import re

_LOOPBACK = re.compile(
    r"(?:(?:^|\s)(?:-b|-H|-a|php\s+-S|--bind|--host|--hostname|--address|--listen|--addr|runserver)[\s=]+['\"]?)"
    r"(?:tcp://)?(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?=[:\s'\"]|$)"
)
_PORT = re.compile(
    r"(?:^|\s)(?:--port|--http-port|--server\.port|--http\.port)[\s=]+['\"]?(?P<long>\d{2,5})\b"
    r"|(?:^|\s)(?:-b|php\s+-S|--bind|--listen|--addr|--address)[\s=]+['\"]?(?:tcp://)?[\w.\[\]:*]{0,64}?:(?P<bound>\d{2,5})\b"
    r"|(?:^|\s)runserver\s+['\"]?[\w.\[\]:]{0,64}?:?(?P<django>\d{2,5})\b"
    r"|(?:^|\s)-m\s+http\.server\s+(?P<module>\d{2,5})\b"
    r"|(?:^|[\s/])(?:uvicorn|hypercorn|daphne|puma|rails|flask|streamlit|next|serve|http-server|php)"
    r"(?:\s[^;&|]{0,200})?\s-[pl][\s=]+['\"]?(?:tcp://)?(?:0\.0\.0\.0:)?(?P<short>\d{2,5})\b"
    r"|(?:^|[\s;&|\"'])PORT=['\"]?(?P<assigned>\d{2,5})\b"
)
_GIVEN = re.compile(r"\$\{?PORT\b")
_PARTS = re.compile(r"&&|\|\||;| -- ")
_CLIENT = re.compile(  # what connects to an address, and listens on none
    r"\s*(?:(?:(?:ba)?sh\s+-l?c|until|while|if|!|exec|\w+=\S+)\s+['\"]?)*(?:\S*/)?"
    r"(?:wait-for\S*|psql|pg_isready|nc|redis-cli|mysql)(?=\s|$)"
)
_MIGRATES = re.compile(
    r"manage\.py\s+(?:migrate|syncdb)\b|django\s+migrate\b|\bdb:(?:migrate|schema:load|prepare|setup)\b|\balembic\s+(?:-\S+\s+\S+\s+)*upgrade\b"
    r"|\bflask\s+db\s+upgrade\b|\bprisma\s+(?:migrate\s+deploy|db\s+push)\b|\bknex\s+migrate|\bmigration:run\b"
    r"|\bartisan\s+migrate\b|\becto\.(?:migrate|setup)\b|\bsequelize\S*\s+db:migrate\b|\bmigrate:latest\b"
    r"|\bdrizzle-kit\s+(?:migrate|push)\b|\bdiesel\s+migration\s+run\b|\bgoose\s.*\bup\b|\bmathesar\s+(?:release|migrate)\b"
)


def loopback(command: str) -> bool:
    """Tell whether a server is told to listen on this machine alone."""
    return any(_LOOPBACK.search(part) for part in _servers(command))


def fixed_port(command: str) -> int:
    """Return the port that a server is told whatever PORT says; 0 for none."""
    if _GIVEN.search(command):
        return 0
    found = next(filter(None, map(_PORT.search, _servers(command))), None)
    return int(next(filter(None, found.groups()))) if found is not None else 0


def _servers(command: str) -> list[str]:
    """Return the parts of a command line that are no client's: a client's address is the server's that it asks."""
    return [part for part in _PARTS.split(command) if not _CLIENT.match(part)]


def migrates(command: str) -> bool:
    """Tell whether a command changes the schema of a database."""
    return _MIGRATES.search(command) is not None
