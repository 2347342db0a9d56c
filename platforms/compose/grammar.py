"""What of a Compose file is looked at, in the types that Compose takes: its whole grammar is far larger."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Tag

from provisioner.lint.grammar import Open

Scalar = str | int | float | bool | None  # what an environment may hold, and where ${…} may stand for a number


def _shape(value: Any) -> str:
    """Return what a value is in the words of a finding, behind "="."""
    if isinstance(value, dict):
        return "=a table"
    return "=a list" if isinstance(value, list) else "=text"


class Build(Open):
    context: str | None = None
    dockerfile: str | None = None
    target: str | None = None


class Dependency(Open):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"] | None = None


class Healthcheck(Open):
    test: (
        Annotated[Annotated[str, Tag("=text")] | Annotated[list[str], Tag("=a list")], Discriminator(_shape)] | None
    ) = None
    disable: bool | str | None = None


Command: TypeAlias = Annotated[
    Annotated[Scalar, Tag("=text")] | Annotated[list[Scalar], Tag("=a list")], Discriminator(_shape)
]
Environment: TypeAlias = (
    Annotated[
        Annotated[dict[str, Scalar], Tag("=a table")] | Annotated[list[str], Tag("=a list")], Discriminator(_shape)
    ]
    | None
)
Dependencies: TypeAlias = (
    Annotated[
        Annotated[dict[str, Dependency | None], Tag("=a table")] | Annotated[list[str], Tag("=a list")],
        Discriminator(_shape),
    ]
    | None
)


class Service(Open):
    """https://github.com/compose-spec/compose-spec/blob/main/05-services.md"""

    image: str | None = None
    build: Annotated[Annotated[str, Tag("=text")] | Annotated[Build, Tag("=a table")], Discriminator(_shape)] | None = (
        None
    )
    command: Command = None
    entrypoint: Command = None
    environment: Environment = None
    depends_on: Dependencies = None
    healthcheck: Healthcheck | None = None
    ports: list[str | int | float | dict[str, Any]] | None = None
    volumes: list[str | dict[str, Any]] | None = None
    secrets: list[str | dict[str, Any]] | None = None
    configs: list[str | dict[str, Any]] | None = None
    networks: dict[str, Any] | list[str] | None = None


class Project(Open):
    """https://github.com/compose-spec/compose-spec/blob/main/spec.md"""

    name: str | None = None
    services: dict[str, Service] | None = None
    networks: dict[str, Any] | None = None
    volumes: dict[str, Any] | None = None
    secrets: dict[str, Any] | None = None
    configs: dict[str, Any] | None = None
