"""Everything that an app spec may hold: DigitalOcean's OpenAPI, and the fields that only its Go client lists."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from provisioner.lint.grammar import Grammar, Open

Name = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,30}[a-z0-9]$")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Repository(Grammar):
    """``github``, ``gitlab`` and ``bitbucket``."""

    repo: str | None = None
    branch: str | None = None
    deploy_on_push: bool | None = None


class Git(Grammar):
    repo_clone_url: str | None = None
    branch: str | None = None


class Image(Grammar):
    registry_type: Literal["DOCKER_HUB", "DOCR", "GHCR"] | None = None
    registry: str | None = None
    repository: str | None = None
    tag: str | None = None
    digest: str | None = None
    registry_credentials: str | None = None
    deploy_on_push: Open | None = None


class Env(Grammar):
    key: Annotated[str, Field(pattern="^[_A-Za-z][_A-Za-z0-9]*$")]
    value: str | None = None
    scope: Literal["UNSET", "RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"] | None = None
    type: Literal["GENERAL", "SECRET"] | None = None


class Alert(Grammar):
    rule: str | None = None
    disabled: bool | None = None
    operator: Literal["UNSPECIFIED_OPERATOR", "GREATER_THAN", "LESS_THAN"] | None = None
    value: int | float | None = None
    window: Literal["UNSPECIFIED_WINDOW", "FIVE_MINUTES", "TEN_MINUTES", "THIRTY_MINUTES", "ONE_HOUR"] | None = None


class Check(Grammar):
    http_path: str | None = None
    path: str | None = None
    port: Port | None = None
    initial_delay_seconds: int | None = None
    period_seconds: int | None = None
    timeout_seconds: int | None = None
    success_threshold: int | None = None
    failure_threshold: int | None = None


class Termination(Grammar):
    drain_seconds: Annotated[int, Field(ge=1, le=110)] | None = None
    grace_period_seconds: Annotated[int, Field(ge=1, le=600)] | None = None


class Route(Grammar):
    path: str | None = None
    preserve_path_prefix: bool | None = None


class Autoscaling(Grammar):
    min_instance_count: Annotated[int, Field(ge=1)] | None = None
    max_instance_count: Annotated[int, Field(ge=1, le=250)] | None = None
    metrics: Open | None = None


class Component(Grammar):
    """What services, workers, jobs, static sites and functions share."""

    name: Name
    git: Git | None = None
    github: Repository | None = None
    gitlab: Repository | None = None
    bitbucket: Repository | None = None
    source_dir: str | None = None
    envs: list[Env] | None = None
    alerts: list[Alert] | None = None
    log_destinations: list[Open] | None = None


class Built(Component):
    """What is built into a container."""

    image: Image | None = None
    dockerfile_path: str | None = None
    build_command: str | None = None
    run_command: str | None = None
    environment_slug: str | None = None
    instance_count: Annotated[int, Field(ge=0)] | None = None
    instance_size_slug: str | None = None
    termination: Termination | None = None


class Service(Built):
    autoscaling: Autoscaling | None = None
    http_port: Port | None = None
    internal_ports: list[int] | None = None
    protocol: Literal["HTTP", "HTTP2"] | None = None
    routes: list[Route] | None = None
    cors: Open | None = None
    health_check: Check | None = None
    liveness_health_check: Check | None = None
    inactivity_sleep: Open | None = None


class Worker(Built):
    autoscaling: Autoscaling | None = None
    liveness_health_check: Check | None = None


class Job(Built):
    kind: Literal["UNSPECIFIED", "PRE_DEPLOY", "POST_DEPLOY", "FAILED_DEPLOY", "SCHEDULED"] | None = None
    schedule: Open | None = None
    timeout: str | None = None


class StaticSite(Component):
    dockerfile_path: str | None = None
    build_command: str | None = None
    environment_slug: str | None = None
    output_dir: str | None = None
    index_document: str | None = None
    error_document: str | None = None
    catchall_document: str | None = None
    routes: list[Route] | None = None
    cors: Open | None = None


class Functions(Component):
    routes: list[Route] | None = None
    cors: Open | None = None


class Database(Grammar):
    name: Name
    engine: Literal["UNSET", "MYSQL", "PG", "REDIS", "MONGODB", "KAFKA", "OPENSEARCH", "VALKEY"] | None = None
    version: str | None = None
    size: str | None = None
    num_nodes: int | None = None
    production: bool | None = None
    cluster_name: str | None = None
    db_name: str | None = None
    db_user: str | None = None


class Domain(Open):
    domain: str


class IngressTarget(Grammar):
    name: str
    preserve_path_prefix: bool | None = None
    rewrite: str | None = None


class IngressRule(Grammar):
    match: Open | None = None
    component: IngressTarget | None = None
    redirect: Open | None = None
    cors: Open | None = None


class Ingress(Grammar):
    rules: list[IngressRule] | None = None
    load_balancer: str | None = None
    load_balancer_size: int | None = None
    secure_header: Open | None = None


class Spec(Grammar):
    name: Name
    region: str | None = None
    services: list[Service] | None = None
    static_sites: list[StaticSite] | None = None
    workers: list[Worker] | None = None
    jobs: list[Job] | None = None
    functions: list[Functions] | None = None
    databases: list[Database] | None = None
    domains: list[Domain] | None = None
    envs: list[Env] | None = None
    alerts: list[Alert] | None = None
    ingress: Ingress | None = None
    egress: Open | None = None
    features: list[str] | None = None
    maintenance: Open | None = None
    vpc: Open | None = None
    disable_edge_cache: bool | None = None
    disable_email_obfuscation: bool | None = None
    enhanced_threat_control_enabled: bool | None = None
