"""What a command line would do: the port and address that it binds, and whether it migrates a database."""

from __future__ import annotations

import re

_LOOPBACK = re.compile(
    r"(?:(?:^|\s)(?:-b|-H|-a|--bind|--host|--hostname|--address|--listen|--addr|runserver)[\s=]+['\"]?)"
    r"(?:tcp://)?(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?=[:\s'\"]|$)"
)
_PORT = re.compile(
    r"(?:^|\s)(?:--port|--http-port|--server\.port|--http\.port)[\s=]+['\"]?(?P<long>\d{2,5})\b"
    r"|(?:^|\s)(?:-b|--bind|--listen|--addr|--address)[\s=]+['\"]?[\w.\[\]:*]*:(?P<bound>\d{2,5})\b"
    r"|(?:^|\s)runserver\s+['\"]?[\w.\[\]:]*?:?(?P<django>\d{2,5})\b"
    r"|(?:^|\s)(?:uvicorn|hypercorn|flask|streamlit|next|serve|http-server|php)\s[^;&|]*\s-[pl][\s=]+['\"]?"
    r"(?:tcp://)?(?:0\.0\.0\.0:)?(?P<short>\d{2,5})\b"
)
_MIGRATES = re.compile(
    r"manage\.py\s+(?:migrate|syncdb)\b|django\s+migrate\b|\bdb:(?:migrate|schema:load|prepare|setup)\b|\balembic\s+(?:-\S+\s+\S+\s+)*upgrade\b"
    r"|\bflask\s+db\s+upgrade\b|\bprisma\s+(?:migrate\s+deploy|db\s+push)\b|\bknex\s+migrate|\bmigration:run\b"
    r"|\bartisan\s+migrate\b|\becto\.(?:migrate|setup)\b|\bsequelize\S*\s+db:migrate\b|\bmigrate:latest\b"
    r"|\bdrizzle-kit\s+(?:migrate|push)\b|\bdiesel\s+migration\s+run\b|\bgoose\s.*\bup\b|\bmathesar\s+(?:release|migrate)\b"
)


def loopback(command: str) -> bool:
    """Tell whether a server is told to listen on this machine alone."""
    return _LOOPBACK.search(command) is not None


def fixed_port(command: str) -> int:
    """Return the port that a server is told whatever PORT says; 0 for none."""
    found = None if "PORT" in command else _PORT.search(command)
    return int(next(filter(None, found.groups()), 0)) if found is not None else 0


def migrates(command: str) -> bool:
    """Tell whether a command changes the schema of a database."""
    return _MIGRATES.search(command) is not None
