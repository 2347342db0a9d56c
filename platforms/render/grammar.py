"""Everything that ``render.yaml`` may hold: https://render.com/schema/render.yaml.json in types, for the linter."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from provisioner.lint.grammar import Grammar, Open

Trigger = Literal["off", "commit", "checksPass"]
Range = Annotated[int, Field(ge=1, le=90)]
Kind = Literal["web", "pserv", "worker", "cron", "static", "keyvalue", "redis", "workflow"]
Runtime = Literal["docker", "elixir", "go", "image", "node", "python", "ruby", "rust", "static"]


class CredentialsName(Grammar):
    name: str


class Credentials(Grammar):
    fromRegistryCreds: CredentialsName


class Image(Grammar):
    url: str
    creds: Credentials | None = None


class Address(Open):
    source: str
    description: str | None = None


class DatabaseProperty(Open):
    name: str
    property: Literal["connectionString", "connectionPoolString", "host", "port", "user", "password", "database"]


class ServiceProperty(Open):
    name: str
    type: Kind
    property: Literal["host", "port", "hostport", "slug", "connectionString"] | None = None
    envVarKey: str | None = None


class EnvVar(Grammar):
    key: str
    value: str | int | float | None = None
    generateValue: bool | None = None
    sync: bool | None = None
    previewValue: str | int | float | None = None
    # Of the form that templates show; Render's own repositories use them, its schema does not list them.
    displayName: str | None = None
    description: str | None = None
    required: bool | None = None
    sensitive: bool | None = None


class FromDatabase(Grammar):
    key: str
    fromDatabase: DatabaseProperty


class FromService(Grammar):
    key: str
    fromService: ServiceProperty


class FromGroup(Grammar):
    fromGroup: str


def _env_kind(env: Any) -> str:
    if isinstance(env, dict):
        return next((f"={kind}" for kind in ("fromDatabase", "fromService", "fromGroup") if kind in env), "=value")
    return "=value"


AnyEnv = Annotated[
    Annotated[EnvVar, Tag("=value")]
    | Annotated[FromDatabase, Tag("=fromDatabase")]
    | Annotated[FromService, Tag("=fromService")]
    | Annotated[FromGroup, Tag("=fromGroup")],
    Discriminator(_env_kind),
]


class EnvGroup(Open):
    name: str
    envVars: list[EnvVar]


class Filter(Grammar):
    paths: list[str] | None = None
    ignoredPaths: list[str] | None = None


class Scaling(Open):
    minInstances: Annotated[int, Field(ge=1)] | None = None
    maxInstances: Annotated[int, Field(ge=1)] | None = None
    targetMemoryPercent: Range | None = None
    targetCPUPercent: Range | None = None


class Disk(Grammar):
    name: str
    mountPath: str
    sizeGB: Annotated[int, Field(ge=1)] | None = None


class Previews(Open):
    generation: Literal["automatic", "manual", "off"] | None = None


class Base(Grammar):
    """What every service has that is built from a repository or an image."""

    name: str
    region: str | None = None
    plan: str | None = None
    runtime: Runtime | None = None
    buildSource: str | None = None
    repo: str | None = None
    branch: str | None = None
    image: Image | None = None
    rootDir: str | None = None
    buildCommand: str | None = None
    startCommand: str | None = None
    preDeployCommand: str | None = None
    dockerCommand: str | None = None
    dockerContext: str | None = None
    dockerfilePath: str | None = None
    registryCredential: Credentials | None = None
    envVars: list[AnyEnv] | None = None
    buildFilter: Filter | None = None
    autoDeploy: bool | None = None
    autoDeployTrigger: Trigger | None = None
    previews: Previews | None = None


class Server(Base):
    type: Literal["web", "worker", "pserv"]
    numInstances: Annotated[int, Field(ge=1)] | None = None
    healthCheckPath: str | None = None
    scaling: Scaling | None = None
    domain: str | None = None
    domains: list[str] | None = None
    initialDeployHook: str | None = None
    disk: Disk | None = None
    pullRequestPreviewsEnabled: bool | None = None
    previewPlan: str | None = None
    maintenanceMode: Open | None = None
    maxShutdownDelaySeconds: Annotated[int, Field(ge=1, le=300)] | None = None
    ipAllowList: list[Address] | None = None
    renderSubdomainPolicy: Literal["enabled", "disabled"] | None = None


class Cron(Base):
    type: Literal["cron"]
    schedule: str


class Static(Base):
    """A web service whose runtime is ``static``; the old form has ``env: static``."""

    type: Literal["web", "static"]
    staticPublishPath: str | None = None
    headers: list[Open] | None = None
    routes: list[Open] | None = None
    domain: str | None = None
    domains: list[str] | None = None
    pullRequestPreviewsEnabled: bool | None = None
    renderSubdomainPolicy: Literal["enabled", "disabled"] | None = None
    ipAllowList: list[Address] | None = None


class KeyValue(Grammar):
    type: Literal["keyvalue", "redis"]
    name: str
    region: str | None = None
    ipAllowList: list[Address]
    plan: str | None = None
    previewPlan: str | None = None
    maxmemoryPolicy: (
        Literal[
            "allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu", "allkeys-random", "volatile-random",
            "volatile-ttl", "noeviction",
        ] | None
    ) = None  # fmt: skip
    persistenceMode: Literal["journal-snapshot", "snapshot", "off"] | None = None


class Workflow(Open):
    type: Literal["workflow"]
    name: str


class Unknown(Open):
    type: Kind


def _service_kind(service: Any) -> str:
    if not isinstance(service, dict) or "type" not in service:
        return "=server"
    kind = service["type"]
    if kind in ("keyvalue", "redis"):
        return "=keyvalue"
    if kind in ("cron", "workflow"):
        return f"={kind}"
    if "static" in (kind, service.get("runtime")):
        return "=static"
    return "=server" if kind in ("web", "worker", "pserv") else "=unknown"


AnyService = Annotated[
    Annotated[Server, Tag("=server")]
    | Annotated[Cron, Tag("=cron")]
    | Annotated[Static, Tag("=static")]
    | Annotated[KeyValue, Tag("=keyvalue")]
    | Annotated[Workflow, Tag("=workflow")]
    | Annotated[Unknown, Tag("=unknown")],
    Discriminator(_service_kind),
]


class HighAvailability(Grammar):
    enabled: bool


class Replica(Open):
    name: str


class Database(Grammar):
    name: str
    databaseName: str | None = None
    user: str | None = None
    region: str | None = None
    plan: str | None = None
    diskSizeGB: Annotated[int, Field(ge=1)] | None = None
    storageAutoscalingEnabled: bool | None = None
    connectionPool: Literal["pgbouncer", "none"] | None = None
    previewPlan: str | None = None
    previewDiskSizeGB: Annotated[int, Field(ge=1)] | None = None
    postgresMajorVersion: str | None = None
    highAvailability: HighAvailability | None = None
    ipAllowList: list[Address] | None = None
    readReplicas: list[Replica] | None = None


class Resources(Grammar):
    services: list[AnyService] | None = None
    databases: list[Database] | None = None
    envVarGroups: list[EnvGroup] | None = None


class Environment(Resources):
    name: str
    networking: Open | None = None
    permissions: Open | None = None


class Project(Grammar):
    name: str
    environments: list[Environment] | None = None
    buildSources: list[Open] | None = None


class Ungrouped(Resources):
    buildSources: list[Open] | None = None


class Blueprint(Resources):
    previews: Open | None = None
    previewsEnabled: bool | None = None
    previewsExpireAfterDays: Annotated[int, Field(ge=1)] | None = None
    buildSources: list[Open] | None = None
    projects: list[Project] | None = None
    ungrouped: Ungrouped | None = None
    version: Literal["1"] | None = None
