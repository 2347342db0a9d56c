"""The app spec: ``.do/deploy.template.yaml`` for the button, ``.do/app.yaml`` for doctl and the API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioner.buttons import Button
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import Noted, yaml
from provisioner.manifests import NOTICE
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost

TEMPLATE, FLAT = ".do/deploy.template.yaml", ".do/app.yaml"
COMPONENT = "web"
OWN = {  # nothing but PORT is injected, so the app is told where it is
    "APP_PLATFORM": "Tells the app that it runs here.",
    "APP_DOMAIN": "The host name under which it is reached; the platform fills it in.",
    "CA_CERT": "The authority that signed the database's certificate, so that it can be verified.",
}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Git(_Model):
    """A public repository; ``github`` would need the visitor's own link to GitHub."""

    repo_clone_url: str
    branch: str


class ImageSource(_Model):
    """A published image; a digest excludes a tag."""

    registry_type: Literal["DOCKER_HUB", "GHCR", "DOCR"]
    registry: str | None = None
    repository: str
    digest: str


class Env(_Model):
    """For the running app alone: a build needs none of them."""

    key: str
    value: str
    scope: Literal["RUN_TIME"] = "RUN_TIME"


class HealthCheck(_Model):
    """Without ``http_path`` only the port would be tried."""

    http_path: str = Field(pattern="^/")
    initial_delay_seconds: int
    period_seconds: int
    timeout_seconds: int
    failure_threshold: int


class Termination(_Model):
    """Time for requests to drain, then between SIGTERM and SIGKILL."""

    drain_seconds: int = Field(ge=1, le=110)
    grace_period_seconds: int = Field(ge=1, le=600)


class Service(_Model):
    """One component that serves."""

    name: str
    git: Git | None = None
    image: ImageSource | None = None
    dockerfile_path: str | None = None
    run_command: str
    http_port: int
    instance_count: int = Field(ge=1)
    instance_size_slug: str
    health_check: HealthCheck
    liveness_health_check: HealthCheck
    termination: Termination
    envs: tuple[Env, ...]


class Database(_Model):
    """A dev database: what a click can make. A managed cluster must exist before."""

    name: str
    engine: Literal["PG"] = "PG"
    version: str
    production: Literal[False] = False


class Prefix(_Model):
    """Of a path."""

    prefix: str


class Match(_Model):
    """Which requests."""

    path: Prefix


class Target(_Model):
    """Where they go."""

    name: str
    preserve_path_prefix: Literal[True] = True


class Rule(_Model):
    """One rule."""

    match: Match
    component: Target


class Ingress(_Model):
    """Takes the place of a component's ``routes``."""

    rules: tuple[Rule, ...]


class Spec(_Model):
    """https://docs.digitalocean.com/products/app-platform/reference/app-spec/"""

    name: str = Field(pattern="^[a-z][a-z0-9-]{0,30}[a-z0-9]$")
    region: str
    disable_edge_cache: Literal[True] = True
    ingress: Ingress
    services: tuple[Service, ...]
    databases: tuple[Database, ...]


def app(spec: AppSpec, facts: Facts) -> Spec:
    """Return the app spec. Raises ValueError for an image on a registry that App Platform cannot pull from."""
    seconds = facts.table("health_seconds")
    service = Service(
        name=COMPONENT,
        git=_git(spec) if isinstance(spec.source, Build) else None,
        image=_image(spec.source, facts) if isinstance(spec.source, Image) else None,
        dockerfile_path=spec.source.dockerfile if isinstance(spec.source, Build) else None,
        run_command=" ".join(spec.command),
        http_port=facts.integer("default_port"),
        instance_count=spec.instances,
        instance_size_slug=facts.text("web_plan"),
        health_check=HealthCheck(http_path=spec.ready_path, **seconds),
        liveness_health_check=HealthCheck(http_path=spec.live_path, **seconds),
        termination=Termination(
            drain_seconds=facts.integer("drain_seconds"), grace_period_seconds=spec.shutdown_seconds
        ),
        envs=tuple(_envs(spec)),
    )
    rule = Rule(match=Match(path=Prefix(prefix="/")), component=Target(name=COMPONENT))
    return Spec(
        name=spec.name,
        region=facts.text("region"),
        ingress=Ingress(rules=(rule,)),
        services=(service,),
        databases=(Database(name=spec.database, version=facts.text("postgres_version")),),
    )


def _git(spec: AppSpec) -> Git:
    return Git(repo_clone_url=f"{spec.repository}.git", branch=spec.branch)


def _image(image: Image, facts: Facts) -> ImageSource:
    host = image.parts["registry"] or "docker.io"
    kinds = facts.table("registries")
    if host not in kinds:
        raise ValueError(f"App Platform pulls images from {', '.join(kinds)}, not from {host}")
    owner, _, repository = image.parts["repository"].rpartition("/")
    registry = None if kinds[host] == "DOCR" else owner or "library"
    return ImageSource(
        registry_type=kinds[host],
        registry=registry,
        repository=repository if registry else image.parts["repository"],
        digest=image.parts["digest"],
    )


def _envs(spec: AppSpec) -> list[Env]:
    found = [Env(key="APP_PLATFORM", value="digitalocean"), Env(key="APP_DOMAIN", value="${APP_DOMAIN}")]
    for variable in spec.variables:
        match variable.origin:
            case FromDatabase(part=part):
                bindable = {"url": "DATABASE_URL", "host": "HOSTNAME", "user": "USERNAME", "name": "DATABASE"}
                value = f"${{{spec.database}.{bindable.get(part, part.upper())}}}"
                found.append(Env(key=variable.name, value=value))  # a reference, and no secret by itself
                found.append(Env(key="CA_CERT", value=f"${{{spec.database}.CA_CERT}}"))
            case Constant(value=value):
                found.append(Env(key=variable.name, value=value))
            case Prompt(required=True):
                raise ValueError(f"the button's form shows no empty field, so {variable.name} cannot be asked for")
            case Generated() | PublicHost() | Prompt():
                # No generator: the key is made once and kept wrapped in the database, the code is in the log.
                continue
    return found


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return both forms of the spec and the install page."""
    facts = load_facts(__file__)
    made = app(spec, facts)
    data = _noted(made.model_dump(exclude_none=True), spec)
    given = {env.key: _given(env, spec) for env in made.services[0].envs}
    template = Path(__file__).with_name("install.md.j2")
    label = "DigitalOcean App Platform"
    return {
        TEMPLATE: yaml({"spec": data}, header=NOTICE),
        FLAT: yaml(
            data, header=f"{NOTICE}\nThe same as deploy.template.yaml, in the form that doctl and the API take."
        ),
        "platforms/digitalocean/README.md": page(template, spec, facts, label=label, given=given, button=button(spec)),
    }


def button(spec: AppSpec) -> Button:
    """Return the button; it reads .do/deploy.template.yaml of the branch that it names."""
    url = f"https://cloud.digitalocean.com/apps/new?repo={spec.repository}/tree/{spec.branch}"
    return Button("Deploy to DigitalOcean", url, "https://www.deploytodo.com/do-btn-blue.svg")


def _noted(data: dict[str, Any], spec: AppSpec) -> dict[str, Any]:
    why = OWN | {variable.name: variable.why for variable in spec.variables}
    service = data["services"][0]
    service["envs"] = [Noted(env, why[env["key"]]) for env in service["envs"]]
    words = "A dev database; the install page says how to use a managed cluster."
    data["databases"] = [Noted(each, words) for each in data["databases"]]
    return data


def _given(env: Env, spec: AppSpec) -> str:
    if env.value.startswith(f"${{{spec.database}."):
        return f"the database `{spec.database}`"
    return "App Platform" if env.value.startswith("${") else "the manifest"
