"""Every variable that is in force, with its value as far as it may be shown and where that came from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .configuration import IMPLICIT, Configuration
from .database_url import DatabaseUrl
from .dsn import parse_database_url
from .entries import parse_databases
from .environment import Environment
from .findings import InvalidEnvironment
from .planning import Plan
from .platform import Contract, detect
from .report import Written
from .text import clean, has_control, may_hold_password
from .variables import BY_NAME, CONFIG, NAMED_DATABASE, VARIABLES, Variable, find
from .web_values import check_bind, check_host, check_origin, split_list

HIDDEN = "***"
Origin = Literal["option", "environment", "file", "name_file", "platform", "default"]
_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_NAME = re.compile(r"[\w.@+-]{1,254}")  # Django's own rule for user names, and an e-mail address's usual one
_PATH = re.compile(r"(?:/[\w.@ -]{1,32})+/?")  # one key of base64 in place of a path is longer


@dataclass(frozen=True, slots=True)
class Row:
    """One variable in force. `values` are lines to show, without any secret; none where it cannot be used.

    `variable` is the name that was read: an alias, the NAME_FILE form, a platform's own. `points_to` is the path
    that a NAME_FILE holds, `written` the place in the configuration file, `hidden` the one that the environment
    replaced.
    """

    name: str
    values: tuple[str, ...]
    source: Origin
    variable: str = ""
    points_to: str = ""
    written: Written | None = None
    hidden: Written | None = None
    sentence: str = ""


def rows(
    configuration: Configuration, plan: Plan | None, *, option: str | None = None, defaults: Mapping[str, str]
) -> list[Row]:
    """Return a row for each variable, first those that are set; `defaults` are values that only the caller knows.

    `option` is the path that --config gave. Files that NAME_FILE variables name are read; nothing else is touched.
    """
    reader = _Rows(configuration, plan, {**_derived(plan), **defaults})
    found = list(reader.all())
    if option is not None:
        found = [row for row in found if row.name != CONFIG] + [
            Row(CONFIG, (_harmless(option),) if option.strip() else (), "option", "--config")
        ]
    return sorted(found, key=lambda row: row.source == "default")


class _Rows:
    def __init__(self, configuration: Configuration, plan: Plan | None, derived: Mapping[str, str]) -> None:
        self.configuration = configuration
        self.environ = configuration.environ
        self.derived = derived
        self.env = Environment(self.environ)
        chosen = detect(self.environ)
        self.contract: Contract | None = chosen[0].contract(self.environ) if chosen else None

    def all(self) -> Iterator[Row]:
        for variable in VARIABLES:
            if "<" in variable.name:
                yield from (self._set(name, variable, name) for name in self._named())
            elif read := self._first((variable.name, *variable.aliases)):
                yield self._set(variable.name, variable, read)
            else:
                yield self._refused(variable) or self._unset(variable)
        url = BY_NAME["DATABASE_URL"]
        for name in self._platforms_own():
            yield Row(name, self._shown(name, url), "platform", name)

    def _named(self) -> list[str]:
        names = {name.removesuffix("_FILE") for name in self.environ}
        return sorted(name for name in names if NAMED_DATABASE.fullmatch(name) and self.env.is_set(name))

    def _platforms_own(self) -> list[str]:
        """Return the platform's own variables that hold a database and are set."""
        if self.contract is None:
            return []
        names = (*self.contract.internal_variables, *(name for name, _ in self.contract.attached))
        return [name for name in dict.fromkeys(names) if find(name) is None and self.env.is_set(name)]

    def _first(self, names: Iterable[str]) -> str | None:
        return next((name for name in names if self.env.is_set(name)), None)

    def _written(self, name: str) -> Written | None:
        """Return where the configuration file says what is in force."""
        source = self.configuration.source
        if source is None or name not in source.keys:
            return None
        return Written(source.path, source.lines[name], source.keys[name])

    def _refused(self, variable: Variable) -> Row | None:
        """Return the row of what the configuration file sets to something that its variable does not take."""
        for name in (variable.name, f"{variable.name}_FILE"):
            if variable.name in self.configuration.tried and (written := self._written(name)):
                return Row(variable.name, (), "file", name, written=written)
        return None

    def _set(self, name: str, variable: Variable, read: str) -> Row:
        used = read if clean(self.environ.get(read)) is not None else f"{read}_FILE"
        written = self._written(used)
        is_file = used.endswith("_FILE")
        hidden = None
        if name in self.configuration.overridden and self.configuration.path:
            hidden = Written(self.configuration.path, self.configuration.overridden[name], "")
        return Row(
            name,
            self._shown(read, variable),
            "name_file" if is_file else "file" if written else "environment",
            used,
            _path(self.environ[used].strip()) if is_file else "",
            written,
            hidden,
        )

    def _unset(self, variable: Variable) -> Row:
        value = self.derived.get(variable.name, "")
        values = (value,) if value else ()
        if variable.name == CONFIG and self.configuration.path is not None:
            values = (IMPLICIT,)
        if self.contract and variable.name == "ALLOWED_HOSTS" and self.contract.any_host:
            return Row(variable.name, ("any: the platform's router checks them",), "platform")
        injected = {"ALLOWED_HOSTS": self.contract.host_variable, "PORT": ""} if self.contract else {}
        if variable.name in injected and values:
            return Row(variable.name, values, "platform", injected[variable.name])
        return Row(variable.name, values, "default", sentence=variable.default)

    def _shown(self, name: str, variable: Variable) -> tuple[str, ...]:
        """Return what may be shown of a value that is set, in lines."""
        text = self.env.text(name, parsed=variable.kind in ("database", "databases"))
        if text is None:
            return ()
        if variable.kind in ("secret", "secrets"):
            return (HIDDEN,)
        try:
            if variable.kind == "database":
                url = parse_database_url(text, profile="local", variable=name)
                return (show_url(url),) if url else ()
            if variable.kind == "databases":
                return tuple(
                    f"({entry.name}|{show_url(entry.url)})" for entry in parse_databases(text, profile="local")
                )
        except InvalidEnvironment:
            return (HIDDEN,)
        return (_harmless(text, bare=False) if _is_of(variable.kind, text) else HIDDEN,)


def show_url(url: DatabaseUrl) -> str:
    """Return the URL without its password. A lone user is hidden as well: it may be a password without its user."""
    user = f"{url.user}:{HIDDEN}" if url.password else HIDDEN
    mode = url.params.get("sslmode")
    return _harmless(f"postgresql://{user}@", bare=False) + _harmless(
        url.target() + (f"?sslmode={mode}" if mode else "")
    )


def _is_of(kind: str, text: str) -> bool:
    """Tell whether a text is a value of its kind: what is none may be a secret that was meant for another variable."""
    if kind == "boolean":
        return Environment({kind: text}).boolean(kind) is not None
    if kind == "integer":
        return _NUMBER.fullmatch(text) is not None
    if kind == "address":
        return check_bind(text) is not None
    if kind == "name":
        return _NAME.fullmatch(text) is not None
    if kind in ("hosts", "origins"):
        check = check_host if kind == "hosts" else check_origin
        problems = [check(each, kind, public=False)[1] for each in split_list(text)]
        return all(problem is None or problem.kind == "host-wildcard" for problem in problems)
    return not may_hold_password(text)


def _path(text: str) -> str:
    """Return the path that a NAME_FILE holds, or stars for what may be the secret itself."""
    shown = os.path.exists(text) if re.search(r"[/\\]", text) else False
    return _harmless(text) if (shown or _PATH.fullmatch(text)) and not may_hold_password(text) else HIDDEN


def _harmless(text: str, *, bare: bool = True) -> str:
    """Return the text, or stars for what could hold a password or would steer the terminal."""
    return HIDDEN if has_control(text) or (bare and may_hold_password(text)) else text


def _derived(plan: Plan | None) -> dict[str, str]:
    """Return what the plan made of variables that nobody set."""
    if plan is None:
        return {}
    return {
        "ALLOWED_HOSTS": ", ".join(plan.hosts),
        "CSRF_TRUSTED_ORIGINS": ", ".join(plan.origins),
        "PORT": str(plan.port),
        "WEB_CONCURRENCY": str(plan.workers),
    }
