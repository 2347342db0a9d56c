"""What a one-click app may hold, for the linter: README.md and scripts/validate_apps.js of caprover/one-click-apps."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from provisioner.lint.grammar import Open

Scalar = str | int | float | bool | None


def _shape(value: Any) -> str:
    return "=list" if isinstance(value, list) else "=other"


Lines = Annotated[
    Annotated[list[Scalar], Tag("=list")] | Annotated[str, Tag("=other")],
    Discriminator(_shape),
]
Environment = Annotated[
    Annotated[list[Any], Tag("=list")] | Annotated[dict[str, Scalar], Tag("=other")],
    Discriminator(_shape),
]
Names = Annotated[
    Annotated[list[str], Tag("=list")] | Annotated[dict[str, Any], Tag("=other")],
    Discriminator(_shape),
]


class Extra(Open):
    dockerfileLines: Lines | None = None
    containerHttpPort: str | int | None = None


class Service(Open):
    """CapRover passes over every other key."""

    image: str | None = None
    environment: Environment | None = None
    ports: list[Any] | None = None
    volumes: list[str] | None = None
    depends_on: Names | None = None
    hostname: str | None = None
    command: Lines | None = None
    cap_add: list[str] | None = None
    caproverExtra: Extra | None = None


class Variable(Open):
    id: Annotated[str, Field(pattern=r"^\$\$cap_")]
    label: str
    defaultValue: Scalar = None
    validRegex: Annotated[str, Field(pattern=r"^$|/.*/[a-z]*\s*$")] | None = None
    description: str | None = None


class Instructions(Open):
    start: Annotated[str, Field(min_length=1)]
    end: Annotated[str, Field(min_length=1)]


class OneClickApp(Open):
    variables: list[Variable] | None = None
    instructions: Instructions
    displayName: str | None = None
    isOfficial: bool | str | None = None
    description: Annotated[str, Field(min_length=1)]
    documentation: str | None = None


class Template(Open):
    captainVersion: Literal[4, "4"]
    services: Annotated[dict[str, Service], Field(min_length=1)]
    caproverOneClickApp: OneClickApp
