"""What a Compose file may hold as far as Coolify looks at it; the rest goes to Docker Compose as it is."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from provisioner.lint.grammar import Open

Scalar = str | int | float | bool | None


def _shape(value: Any) -> str:
    return "=list" if isinstance(value, list) else "=other"


def _part(value: Any) -> str:
    return "=table" if isinstance(value, dict) else "=other"


Words = Annotated[Annotated[list[Scalar], Tag("=list")] | Annotated[str, Tag("=other")], Discriminator(_shape)]
Named = Annotated[Annotated[list[str], Tag("=list")] | Annotated[dict[str, Any], Tag("=other")], Discriminator(_shape)]
Environment = Annotated[
    Annotated[list[str], Tag("=list")] | Annotated[dict[str, Scalar], Tag("=other")],
    Discriminator(_shape),
]
Mount = Annotated[Annotated[dict[str, Any], Tag("=table")] | Annotated[str, Tag("=other")], Discriminator(_part)]


class Health(Open):
    test: Words | None = None
    interval: str | int | None = None
    timeout: str | int | None = None
    retries: int | str | None = None
    start_period: str | int | None = None


class Service(Open):
    """The first half is compose-spec's, the last field Coolify's own."""

    image: str | None = None
    build: Mount | None = None
    command: Words | None = None
    entrypoint: Words | None = None
    environment: Environment | None = None
    ports: list[Any] | None = None
    expose: list[Any] | None = None
    volumes: list[Mount] | None = None
    depends_on: Named | None = None
    healthcheck: Health | None = None
    networks: Named | None = None
    restart: str | None = None
    exclude_from_hc: bool | str | None = None


class Template(Open):
    services: Annotated[dict[str, Service], Field(min_length=1)]
    volumes: dict[str, Any] | None = None
    networks: dict[str, Any] | None = None
