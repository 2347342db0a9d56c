"""Everything that ``app.json`` and ``heroku.yml`` may hold, as the Dev Center says, for the linter."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from provisioner.lint.grammar import Grammar, Open


class Env(Grammar):
    description: str | None = None
    value: str | None = None
    required: bool | None = None
    generator: str | None = None


def _kind(value: Any) -> str:
    return "=text" if isinstance(value, str) else "=table"


AnyEnv = Annotated[Annotated[str, Tag("=text")] | Annotated[Env, Tag("=table")], Discriminator(_kind)]


class Addon(Grammar):
    plan: str
    as_: Annotated[str | None, Field(alias="as")] = None
    options: dict[str, Any] | None = None


AnyAddon = Annotated[Annotated[str, Tag("=text")] | Annotated[Addon, Tag("=table")], Discriminator(_kind)]


class Dynos(Grammar):
    quantity: Annotated[int, Field(ge=0)] | None = None
    size: str | None = None


class Buildpack(Open):
    url: str


class Scripts(Open):
    """Dokku and CI read more of these than Heroku does."""

    postdeploy: str | None = None


class Settings(Open):
    """What one of ``environments`` overrides."""

    env: dict[str, Any] | None = None
    addons: list[AnyAddon] | None = None
    formation: dict[str, Dynos] | None = None
    buildpacks: list[Buildpack] | None = None
    scripts: Scripts | None = None


class AppJson(Open):
    """Heroku passes over fields that it does not know."""

    name: str | None = None
    description: str | None = None
    keywords: list[str] | None = None
    website: str | None = None
    repository: str | None = None
    logo: str | None = None
    success_url: str | None = None
    image: str | None = None
    stack: str | None = None
    scripts: Scripts | None = None
    env: dict[str, AnyEnv] | None = None
    formation: dict[str, Dynos] | None = None
    addons: list[AnyAddon] | None = None
    buildpacks: list[Buildpack] | None = None
    environments: dict[str, Settings] | None = None


class SetupSection(Open):
    """Read by ``heroku create --manifest`` alone."""

    addons: list[Addon] | None = None
    config: dict[str, Any] | None = None


class Image(Open):
    dockerfile: str | None = None
    target: str | None = None


AnyImage = Annotated[Annotated[str, Tag("=text")] | Annotated[Image, Tag("=table")], Discriminator(_kind)]


class BuildSection(Grammar):
    docker: dict[str, AnyImage] | None = None
    config: dict[str, Any] | None = None
    languages: list[str] | None = None
    packages: list[Any] | None = None
    pre: list[str] | None = None


class Process(Open):
    command: str | list[str] | None = None
    image: str | None = None


AnyProcess = Annotated[Annotated[str, Tag("=text")] | Annotated[Process, Tag("=table")], Discriminator(_kind)]


class HerokuYml(Grammar):
    setup: SetupSection | None = None
    build: BuildSection | None = None
    release: AnyProcess | None = None
    run: dict[str, AnyProcess] | None = None
