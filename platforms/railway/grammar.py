"""What railway.json, railway.toml and a template's descriptor may hold, for the linter.

Railway passes over what it does not know, so nothing is forbidden here: only the types of what it reads count.
"""

from __future__ import annotations

from typing import Any, Literal

from provisioner.lint.grammar import Open

Builder = Literal["RAILPACK", "DOCKERFILE", "NIXPACKS", "HEROKU", "PAKETO"]
RestartPolicy = Literal["ON_FAILURE", "ALWAYS", "NEVER"]


class Build(Open):
    """https://docs.railway.com/config-as-code/reference"""

    builder: Builder | None = None
    watchPatterns: list[str] | None = None
    buildCommand: str | None = None
    dockerfilePath: str | None = None
    railpackVersion: str | None = None
    nixpacksConfigPath: str | None = None
    nixpacksPlan: dict[str, Any] | None = None
    nixpacksVersion: str | None = None
    buildEnvironment: str | None = None


class Deploy(Open):
    """The last four come from the dashboard's own copies of a service's settings."""

    startCommand: str | None = None
    preDeployCommand: str | list[str] | None = None
    preDeployTimeoutSeconds: int | None = None
    numReplicas: int | None = None
    multiRegionConfig: dict[str, Any] | None = None
    healthcheckPath: str | None = None
    healthcheckTimeout: int | None = None
    restartPolicyType: RestartPolicy | None = None
    restartPolicyMaxRetries: int | None = None
    cronSchedule: str | None = None
    sleepApplication: bool | None = None
    overlapSeconds: str | int | None = None
    drainingSeconds: str | int | None = None
    region: str | None = None
    requiredMountPath: str | None = None
    limitOverride: dict[str, Any] | None = None
    runtime: str | None = None
    useLegacyStacker: bool | None = None


class Part(Open):
    """The settings of one environment."""

    build: Build | None = None
    deploy: Deploy | None = None


class Config(Part):
    """The whole of railway.json."""

    environments: dict[str, Part] | None = None


class TemplateVariable(Open):
    """A value is text always: ``"8000"``."""

    defaultValue: str | None = None
    value: str | None = None
    description: str | None = None
    isOptional: bool | None = None


class TemplateSource(Open):
    """One of the two."""

    image: str | None = None
    repo: str | None = None
    branch: str | None = None
    rootDirectory: str | None = None


class TemplateNetworking(Open):
    """By name of the domain, and by port."""

    serviceDomains: dict[str, Any] | None = None
    tcpProxies: dict[str, Any] | None = None


class TemplateMount(Open):
    """A volume."""

    mountPath: str


class TemplateService(Open):
    """One service; its name is what references use."""

    name: str
    icon: str | None = None
    source: TemplateSource | None = None
    build: Build | None = None
    deploy: Deploy | None = None
    networking: TemplateNetworking | None = None
    variables: dict[str, TemplateVariable] | None = None
    volumeMounts: dict[str, TemplateMount] | None = None


class Template(Open):
    """``SerializedTemplateConfig``."""

    services: dict[str, TemplateService]
