"""Everything that Dokku reads of ``app.json``: https://dokku.com/docs/appendices/file-formats/app-json/."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from provisioner.lint.grammar import Grammar, Open


class Env(Grammar):
    description: str | None = None
    value: str | None = None
    required: bool | None = None
    generator: str | None = None
    sync: bool | None = None


def _kind(value: Any) -> str:
    return "=text" if isinstance(value, str) else "=table"


AnyEnv = Annotated[Annotated[str, Tag("=text")] | Annotated[Env, Tag("=table")], Discriminator(_kind)]


class Check(Open):
    type: str | None = None
    name: str | None = None
    path: str | None = None
    port: int | None = None
    command: list[str] | None = None
    timeout: int | None = None
    attempts: int | None = None
    wait: int | None = None
    warn: bool | None = None


class Cron(Open):
    command: str
    schedule: str


class DokkuScripts(Open):
    predeploy: str | None = None
    postdeploy: str | None = None


class Scripts(Open):
    """Heroku's scripts are read too, where they mean something here."""

    dokku: DokkuScripts | None = None
    postdeploy: str | None = None


class Dynos(Open):
    quantity: Annotated[int, Field(ge=0)] | None = None


class AppJson(Open):
    """Dokku passes over fields that it does not know: the file is Heroku's as well."""

    env: dict[str, AnyEnv] | None = None
    scripts: Scripts | None = None
    healthchecks: dict[str, list[Check]] | None = None
    cron: list[Cron] | None = None
    formation: dict[str, Dynos] | None = None
