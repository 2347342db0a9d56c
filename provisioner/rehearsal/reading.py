"""What the runtimes of platforms share: reading a manifest's data leniently, and filling in what their facts say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisioner.facts import Facts

from .pressing import as_command
from .server import Privileges, Role
from .wanted import Given, Habits, OfApp, Origin, Wanted

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PATH = re.compile(r"/[!-~]*")
_FOREIGN = re.compile(r"[^a-z0-9]+")
LONGEST_NAME = 32
LARGEST = 1_000_000  # no count, port, size or time of a manifest is larger


def table(value: Any) -> dict[str, Any]:
    """Return `value` where it is a table, else an empty one; keys are texts."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def tables(value: Any) -> list[dict[str, Any]]:
    """Return the tables of a list; what is none is left out."""
    return [table(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """Return a scalar that is not empty as text; None for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" else None


def whole(value: Any, otherwise: int, what: str, least: int = 0) -> int:
    """Return a whole number, which may stand in quotes; `otherwise` where there is none. Raises ValueError."""
    if value is None:
        return otherwise
    if isinstance(value, str) and len(value) < 9 and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
        raise ValueError(f"{what} is not a whole number from {least}")
    return value


def command(value: Any, what: str) -> tuple[str, ...] | None:
    """Return a command as it is started; one after the other where it is a list of them. Raises ValueError."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = " && ".join(item for item in value if item.strip())
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise ValueError(f"{what} is not a command")
    try:
        return as_command(value) or None
    except ValueError:
        raise ValueError(f"{what} has a quotation that does not end") from None


def path(value: Any, what: str) -> str | None:
    """Return a path of the app, such as that of its health check; None where there is none. Raises ValueError."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and _PATH.fullmatch(value):
        return value
    raise ValueError(f"{what} is not a path")


def variable(name: Any) -> str:
    """Return the name of a variable. Raises ValueError where it is none."""
    if not isinstance(name, str) or _VARIABLE.fullmatch(name) is None:
        raise ValueError(f"{str(name)[:40]!r} is not the name of a variable")
    return name


def scalar(value: Any, name: str) -> str:
    """Return a variable's value as it stands in the environment. Raises ValueError for a list or a table."""
    if isinstance(value, dict | list):
        raise ValueError(f"the value of {name} is neither a text nor a number")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def label_of(name: Any, otherwise: str = "app") -> str:
    """Return a name as it stands in the app's host name."""
    return _FOREIGN.sub("-", (text(name) or "").lower())[:LONGEST_NAME].strip("-") or otherwise


def together(pieces: Sequence[Origin], name: str) -> Origin:
    """Return the origin of a value that is made of several. Raises ValueError where there is no word for it."""
    merged: list[Origin] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, Given) and isinstance(last, Given):
            merged[-1] = Given(last.value + piece.value)
        elif piece != Given(""):
            merged.append(piece)
    if not merged:
        return Given("")
    if merged == [Given("https://"), OfApp()]:
        return OfApp(url=True)
    if len(merged) > 1:
        raise ValueError(f"{name} has a reference inside other text, which cannot be rehearsed yet")
    return merged[0]


def url_form(form: str) -> Callable[[Role, str, int], str]:
    """Return what writes a database's URL in this form of user, password, host, port and name."""

    def write(role: Role, host: str, port: int) -> str:
        return form.format(user=role.name, password=role.password, host=host, port=port, name=role.dbname)

    return write


def injected(forms: Mapping[str, Any]) -> Callable[[Wanted, str, int], dict[str, str]]:
    """Return what fills in the variables that the platform sets by itself: forms over name, host and port."""

    def fill(wanted: Wanted, host: str, port: int) -> dict[str, str]:
        return {key: str(form).format(name=wanted.name, host=host, port=port) for key, form in forms.items()}

    return fill


def habits(facts: Facts, label: str, **own: Any) -> Habits:
    """Return what the platform does with every app: what its facts say, and `own`, which are no dated facts.

    Raises KeyError where a fact is missing.
    """
    return Habits(
        label=label,
        host=facts.text("app_host"),
        database_host=facts.text("database_host"),
        database_url=url_form(facts.text("database_url")),
        default_port=facts.integer("default_port"),
        first_byte_seconds=facts.integer("first_byte_seconds"),
        privileges=Privileges(**facts.table("database_privileges")),
        connection_limit=facts.integer("connection_limit"),
        **own,
    )


def port_of(wanted: Wanted, port: int) -> dict[str, str]:
    """Return PORT as it is on this machine, unless the manifest sets another than the one that requests are sent to.

    `port` stands for the container's own, `wanted.port`: several instances share this machine.
    """
    given = wanted.envs.get("PORT")
    return {} if isinstance(given, Given) and given.value not in ("", str(wanted.port)) else {"PORT": str(port)}
