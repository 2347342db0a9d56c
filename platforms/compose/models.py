"""compose.yaml in types: the strict current form of what we write, of a grammar that is far larger."""

from __future__ import annotations

from typing import Literal

from provisioner.compose_spec import BuildSource, Dependency, Deploy, Healthcheck, Part


class EnvFile(Part):
    """A file of variables that need not be there."""

    path: str
    required: Literal[False] = False


class Service(Part):
    """https://github.com/compose-spec/compose-spec/blob/main/05-services.md"""

    image: str | None = None
    build: BuildSource | None = None
    command: str | tuple[str, ...] | None = None
    depends_on: dict[str, Dependency] | None = None
    user: str | None = None
    group_add: tuple[str, ...] | None = None
    environment: dict[str, str] | None = None
    env_file: tuple[EnvFile, ...] | None = None
    ports: tuple[str, ...] | None = None
    networks: tuple[str, ...] | None = None
    network_mode: Literal["none"] | None = None
    volumes: tuple[str, ...]
    tmpfs: tuple[str, ...] | None = None
    shm_size: str | None = None
    healthcheck: Healthcheck | None = None
    stop_grace_period: str | None = None
    restart: Literal["no", "unless-stopped"]
    read_only: Literal[True] | None = True
    cap_drop: tuple[Literal["ALL"]] = ("ALL",)
    security_opt: tuple[Literal["no-new-privileges:true"]] = ("no-new-privileges:true",)
    deploy: Deploy


class Network(Part):
    """``internal`` has no way out of the machine."""

    internal: Literal[True] | None = None


class Project(Part):
    """The whole file."""

    name: str
    services: dict[str, Service]
    networks: dict[str, Network]
    volumes: dict[str, dict[str, str]]
