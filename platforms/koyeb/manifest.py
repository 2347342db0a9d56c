"""Koyeb's button, whose address is the manifest, and ``service.json``: the same as a request to its API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from provisioner.buttons import Button
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import json_text
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

FOLDER = "platforms/koyeb"
PATH = f"{FOLDER}/service.json"
Int = Field(ge=1)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Strategy(_Model):
    """The old instances serve until the new ones are healthy."""

    type: Literal["DEPLOYMENT_STRATEGY_TYPE_ROLLING"] = "DEPLOYMENT_STRATEGY_TYPE_ROLLING"


class Env(_Model):
    """``value`` may name a secret of the organization: ``{{ secret.NAME }}``."""

    key: str
    value: str


class InstanceType(_Model):
    """For all regions."""

    type: str


class Scaling(_Model):
    """How many instances."""

    min: int = Field(ge=0)
    max: int = Int


class Port(_Model):
    """A port of the instance."""

    port: int = Field(ge=1, le=65535)
    protocol: Literal["http"] = "http"


class Route(_Model):
    """A path of the app's public domain, and the port that it leads to."""

    port: int
    path: Literal["/"] = "/"


class HttpCheck(_Model):
    """What is asked of the instance."""

    port: int
    path: str = Field(pattern="^/")
    method: Literal["GET"] = "GET"


class HealthCheck(_Model):
    """It decides about the deploy, and restarts an instance afterwards. Times in seconds."""

    grace_period: int = Field(ge=5, le=300)
    interval: int = Field(ge=30, le=300)
    restart_limit: int = Int
    timeout: int = Int
    http: HttpCheck


class DockerSource(_Model):
    """A published image; what it runs is its own command."""

    image: str


class DockerBuilder(_Model):
    """The repository's Dockerfile."""

    dockerfile: str


class GitSource(_Model):
    """``repository`` is without its scheme."""

    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+/[\w.-]+$")
    branch: str
    no_deploy_on_push: bool = False
    docker: DockerBuilder


class Definition(_Model):
    """DeploymentDefinition of https://developer.koyeb.com; one of ``docker`` and ``git``."""

    type: Literal["WEB"] = "WEB"
    strategy: Strategy = Strategy()
    regions: tuple[str]
    instance_types: tuple[InstanceType]
    scalings: tuple[Scaling]
    ports: tuple[Port]
    routes: tuple[Route]
    env: tuple[Env, ...]
    health_checks: tuple[HealthCheck]
    docker: DockerSource | None = None
    git: GitSource | None = None


class Service(_Model):
    """CreateService, but for ``app_id``, which is known once there is an app."""

    name: str
    definition: Definition


def service(spec: AppSpec, facts: Facts) -> Service:
    """Return the service."""
    check = HealthCheck(
        grace_period=spec.boot_seconds,
        interval=facts.integer("check_seconds"),
        restart_limit=3,
        timeout=5,
        http=HttpCheck(port=spec.port, path=spec.live_path),
    )
    source = spec.source
    git = None
    if isinstance(source, Build):
        builder = DockerBuilder(dockerfile=source.dockerfile)
        git = GitSource(repository=spec.repository.removeprefix("https://"), branch=spec.branch, docker=builder)
    definition = Definition(
        regions=(facts.text("region"),),
        instance_types=(InstanceType(type=facts.text("web_plan")),),
        scalings=(Scaling(min=spec.instances, max=spec.instances),),
        ports=(Port(port=spec.port),),
        routes=(Route(port=spec.port),),
        env=(Env(key="PORT", value=str(spec.port)), *_envs(spec)),
        health_checks=(check,),
        docker=DockerSource(image=source.reference) if isinstance(source, Image) else None,
        git=git,
    )
    return Service(name=spec.name, definition=definition)


def secret(spec: AppSpec, variable: str) -> str:
    """Return the name of a variable's secret, which the whole organization shares."""
    return f"{spec.dbname}_{variable}".upper()


def _envs(spec: AppSpec) -> Iterator[Env]:
    for variable in spec.variables:
        if isinstance(variable.origin, Constant):
            yield Env(key=variable.name, value=variable.origin.value)
        elif asked(variable):
            yield Env(key=variable.name, value=f"{{{{ secret.{secret(spec, variable.name)} }}}}")


def asked(variable: Variable) -> bool:
    """Tell whether a person must bring the value: Koyeb makes up no secret and binds no database."""
    match variable.origin:
        case FromDatabase() | Prompt(required=True):
            return True
        case Generated() | Prompt() | PublicHost() | Constant():
            return False  # the key is kept in the database, the log has a code, KOYEB_PUBLIC_DOMAIN says the host


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return the request for the API, and the install page."""
    facts = load_facts(__file__)
    made = service(spec, facts)
    template = Path(__file__).with_name("install.md.j2")
    given = {env.key: _given(env) for env in made.definition.env}
    return {
        PATH: json_text(made.model_dump(mode="json", exclude_none=True)),
        f"{FOLDER}/README.md": page(template, spec, facts, label="Koyeb", given=given, button=button(spec)),
    }


def _given(env: Env) -> str:
    return "typed by you, or a secret of yours" if env.value.startswith("{{") else "the manifest"


def button(spec: AppSpec) -> Button:
    """Return the button; what is asked stands in its address without a value."""
    facts = load_facts(__file__)
    made = service(spec, facts).definition
    query = [("type", "git" if made.git else "docker"), ("name", spec.name), ("service_type", "web")]
    if made.git is not None:
        query += [("repository", made.git.repository), ("branch", made.git.branch)]
        query += [("builder", "dockerfile"), ("dockerfile", made.git.docker.dockerfile)]
    if made.docker is not None:
        query.append(("image", made.docker.image))
    query += [("instance_type", made.instance_types[0].type), ("regions", made.regions[0])]
    query += [(f"env[{env.key}]", "" if env.value.startswith("{{") else env.value) for env in made.env]
    query.append(("ports", f"{spec.port};http;/"))
    query += _checks(made.health_checks[0])
    return Button(
        "Deploy to Koyeb",
        f"https://app.koyeb.com/deploy?{urlencode(query, safe='/')}",
        "https://www.koyeb.com/static/images/deploy/button.svg",
    )


def _checks(check: HealthCheck) -> Iterator[tuple[str, str]]:
    """Yield the health check as the control panel writes it into a button's address."""
    port = check.http.port
    yield f"hc_protocol[{port}]", "http"
    yield f"hc_path[{port}]", check.http.path
    yield f"hc_method[{port}]", check.http.method.lower()
    for field in ("grace_period", "interval", "restart_limit", "timeout"):
        yield f"hc_{field}[{port}]", str(getattr(check, field))
