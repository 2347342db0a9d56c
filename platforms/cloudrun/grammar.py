"""What the Cloud Run Button's ``app.json`` and a Knative service may hold, for the linter."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from provisioner.lint.grammar import Grammar, Open

Port = Annotated[int, Field(ge=1, le=65535)]


class EnvVar(Grammar):
    """``generator`` is any text for the button's reader; only ``secret`` does something."""

    description: str | None = None
    value: str | None = None
    required: bool | None = None
    generator: str | None = None
    order: int | None = None


class Options(Grammar):
    allow_unauthenticated: Annotated[bool | None, Field(alias="allow-unauthenticated")] = None
    memory: str | None = None
    cpu: str | None = None
    port: Port | None = None
    http2: bool | None = None
    concurrency: int | None = None
    max_instances: Annotated[int | None, Field(alias="max-instances", ge=1, le=1000)] = None


class Buildpacks(Grammar):
    builder: str | None = None


class Build(Grammar):
    skip: bool | None = None
    buildpacks: Buildpacks | None = None


class Hook(Grammar):
    commands: list[str] | None = None


class Hooks(Grammar):
    prebuild: Hook | None = None
    postbuild: Hook | None = None
    precreate: Hook | None = None
    postcreate: Hook | None = None


class AppJson(Grammar):
    """The reader refuses unknown keys, but for some of Heroku's, which it passes over."""

    name: str | None = None
    env: dict[str, EnvVar] | None = None
    options: Options | None = None
    build: Build | None = None
    hooks: Hooks | None = None
    description: str | None = None
    keywords: list[str] | None = None
    logo: str | None = None
    repository: str | None = None
    website: str | None = None
    stack: str | None = None
    formation: Any = None


class SecretKey(Grammar):
    name: str
    key: str
    optional: bool | None = None


class ValueFrom(Open):
    secretKeyRef: SecretKey | None = None


class ContainerEnv(Grammar):
    name: str
    value: str | None = None
    valueFrom: ValueFrom | None = None


class HttpGet(Open):
    path: str | None = None
    port: Port | None = None


class Probe(Open):
    initialDelaySeconds: Annotated[int, Field(ge=0)] | None = None
    timeoutSeconds: Annotated[int, Field(ge=1, le=3600)] | None = None
    periodSeconds: Annotated[int, Field(ge=1, le=3600)] | None = None
    failureThreshold: Annotated[int, Field(ge=1)] | None = None
    httpGet: HttpGet | None = None


class ContainerPort(Open):
    name: str | None = None
    containerPort: Port


class Container(Open):
    """New fields come often, so that unknown ones are let pass."""

    image: str
    name: str | None = None
    command: list[str] | None = None
    args: list[str] | None = None
    env: list[ContainerEnv] | None = None
    ports: list[ContainerPort] | None = None
    livenessProbe: Probe | None = None
    startupProbe: Probe | None = None


class RevisionSpec(Open):
    containers: Annotated[list[Container], Field(min_length=1)]
    containerConcurrency: int | None = None
    timeoutSeconds: Annotated[int, Field(ge=1, le=3600)] | None = None


class Metadata(Open):
    name: str | None = None
    annotations: dict[str, str] | None = None
    labels: dict[str, str] | None = None


class Template(Open):
    metadata: Metadata | None = None
    spec: RevisionSpec


class ServiceSpec(Open):
    template: Template


class Service(Open):
    apiVersion: str
    kind: str
    metadata: Metadata
    spec: ServiceSpec
