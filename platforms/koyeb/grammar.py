"""What a request for a service may hold: CreateService and DeploymentDefinition of Koyeb's OpenAPI in types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from provisioner.lint.grammar import Grammar, Open

Port = Annotated[int, Field(ge=1, le=65535)]
Strategy = Literal[
    "DEPLOYMENT_STRATEGY_TYPE_INVALID", "DEPLOYMENT_STRATEGY_TYPE_DEFAULT", "DEPLOYMENT_STRATEGY_TYPE_CANARY",
    "DEPLOYMENT_STRATEGY_TYPE_ROLLING", "DEPLOYMENT_STRATEGY_TYPE_BLUE_GREEN", "DEPLOYMENT_STRATEGY_TYPE_IMMEDIATE",
]  # fmt: skip
Mesh = Literal["DEPLOYMENT_MESH_AUTO", "DEPLOYMENT_MESH_ENABLED", "DEPLOYMENT_MESH_DISABLED"]
Kind = Literal["INVALID", "WEB", "WORKER", "DATABASE", "SANDBOX"]


class StrategyField(Grammar):
    type: Strategy | None = None


class Route(Grammar):
    port: Port | None = None
    path: str | None = None
    security_policies: Open | None = None


class ServicePort(Grammar):
    port: Port | None = None
    protocol: Literal["http", "http2", "tcp"] | None = None


class ProxyPort(Grammar):
    port: Port | None = None
    protocol: Literal["tcp"] | None = None


class Env(Grammar):
    scopes: list[str] | None = None
    key: str
    value: str | None = None
    secret: str | None = None


class Scaling(Grammar):
    scopes: list[str] | None = None
    min: int | None = None
    max: int | None = None
    targets: list[Open] | None = None


class InstanceType(Grammar):
    scopes: list[str] | None = None
    type: str


class HttpHeader(Grammar):
    key: str
    value: str | None = None


class HttpCheck(Grammar):
    port: Port | None = None
    path: str | None = None
    method: str | None = None
    headers: list[HttpHeader] | None = None


class TcpCheck(Grammar):
    port: Port | None = None


class HealthCheck(Grammar):
    grace_period: int | None = None
    interval: int | None = None
    restart_limit: int | None = None
    timeout: int | None = None
    tcp: TcpCheck | None = None
    http: HttpCheck | None = None


class Volume(Grammar):
    id: str | None = None
    path: str | None = None
    replica_index: int | None = None
    scopes: list[str] | None = None


class ConfigFile(Grammar):
    path: str | None = None
    permissions: str | None = None
    content: str | None = None


class DockerSource(Grammar):
    image: str
    command: str | None = None
    args: list[str] | None = None
    image_registry_secret: str | None = None
    entrypoint: list[str] | None = None
    privileged: bool | None = None


class Buildpack(Grammar):
    build_command: str | None = None
    run_command: str | None = None
    privileged: bool | None = None


class DockerBuilder(Grammar):
    dockerfile: str | None = None
    entrypoint: list[str] | None = None
    command: str | None = None
    args: list[str] | None = None
    target: str | None = None
    privileged: bool | None = None


class GitSource(Grammar):
    repository: str
    branch: str | None = None
    tag: str | None = None
    sha: str | None = None
    build_command: str | None = None
    run_command: str | None = None
    no_deploy_on_push: bool | None = None
    workdir: str | None = None
    buildpack: Buildpack | None = None
    docker: DockerBuilder | None = None


class Definition(Grammar):
    name: str | None = None
    type: Kind | None = None
    strategy: StrategyField | None = None
    routes: list[Route] | None = None
    ports: list[ServicePort] | None = None
    proxy_ports: list[ProxyPort] | None = None
    env: list[Env] | None = None
    regions: list[str] | None = None
    scalings: list[Scaling] | None = None
    instance_types: list[InstanceType] | None = None
    health_checks: list[HealthCheck] | None = None
    volumes: list[Volume] | None = None
    config_files: list[ConfigFile] | None = None
    skip_cache: bool | None = None
    mesh: Mesh | None = None
    network_policy: Open | None = None
    docker: DockerSource | None = None
    git: GitSource | None = None
    database: Open | None = None
    archive: Open | None = None


class Service(Grammar):
    name: str | None = None
    app_id: str | None = None
    project_id: str | None = None
    instance_snapshot_id: str | None = None
    life_cycle: Open | None = None
    definition: Definition
