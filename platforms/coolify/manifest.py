"""The service template: a Compose file whose first comments Coolify reads, with the app and its PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from provisioner.compose_spec import BuildSource, Dependency, Deploy, Healthcheck, Part, app_check, limited
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import Noted, yaml
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

USER, PASSWORD = "${SERVICE_USER_POSTGRES}", "${SERVICE_PASSWORD_POSTGRES}"
CATEGORY = "productivity"
TAGS = "postgresql,database,spreadsheet,admin,django"


class Service(Part):
    """https://github.com/compose-spec/compose-spec/blob/main/05-services.md; no ``ports``: only the proxy is public."""

    image: str | None = None
    build: BuildSource | None = None
    command: str | None = None
    environment: tuple[str, ...]
    volumes: tuple[str, ...] | None = None
    depends_on: dict[str, Dependency] | None = None
    healthcheck: Healthcheck
    stop_grace_period: str
    deploy: Deploy | None = None


class Header(Part):
    """https://coolify.io/docs/get-started/contribute/service: one line each."""

    documentation: str
    slogan: str = Field(pattern=r"^[^\n]+$")
    category: str
    tags: str
    logo: str
    port: int

    def comment(self) -> str:
        """Return the comment lines; a longer one must not be wrapped."""
        return "".join(f"# {key}: {value}\n" for key, value in self.model_dump().items())


class Template(Part):
    """The whole file, but for its header."""

    services: dict[str, Service]
    volumes: dict[str, dict[str, str]]


def service_name(spec: AppSpec) -> str:
    """Return the app's name as a service: without hyphens, which would be underscores in its variables and its host."""
    return spec.name.replace("-", "")


def header(spec: AppSpec) -> Header:
    """Return the comments at the top."""
    return Header(
        documentation=spec.repository,
        slogan=spec.tagline,
        category=CATEGORY,
        tags=TAGS,
        logo=f"svgs/{spec.name}.svg",
        port=spec.port,
    )


def template(spec: AppSpec, facts: Facts) -> Template:
    """Return the template. Raises ValueError where a generated secret would not serve."""
    name = service_name(spec)
    volume = f"{spec.database}-data"
    services = {name: _app(spec, facts), f"{name}-db": _database(spec, facts, volume)}
    return Template(services=services, volumes={volume: {}})


def _app(spec: AppSpec, facts: Facts) -> Service:
    name = service_name(spec)
    source: dict[str, Any] = {}
    if isinstance(spec.source, Image):
        source["image"] = spec.source.reference
    else:
        context = f"{spec.repository}.git#{spec.branch}"
        source["build"] = BuildSource(context=context, dockerfile=spec.source.dockerfile)
    return Service(
        **source,
        command=" ".join(spec.command),
        environment=(
            f"SERVICE_URL_{name.upper()}_{spec.port}",
            *(f"{variable.name}={_value(variable, spec, facts)}" for variable in spec.variables),
            "APP_PLATFORM=coolify",
            f"PORT={spec.port}",
        ),
        depends_on={f"{name}-db": Dependency()},
        healthcheck=app_check(spec, spec.live_path),  # the proxy passes over what is not healthy
        stop_grace_period=f"{spec.shutdown_seconds}s",
        deploy=limited(spec.memory_mb),
    )


def _database(spec: AppSpec, facts: Facts, volume: str) -> Service:
    # By TCP: the server that the image starts to set itself up listens on its socket alone, and is not the real one.
    ready = 'pg_isready -h 127.0.0.1 -U "$${POSTGRES_USER}" -d "$${POSTGRES_DB}"'
    return Service(
        image=facts.text("postgres_image"),
        environment=(f"POSTGRES_USER={USER}", f"POSTGRES_PASSWORD={PASSWORD}", f"POSTGRES_DB={spec.dbname}"),
        volumes=(f"{volume}:{facts.text('postgres_folder')}",),
        healthcheck=Healthcheck(test=("CMD-SHELL", ready), interval="5s", timeout="5s", retries=10, start_period="30s"),
        stop_grace_period="1m",
    )


def _value(variable: Variable, spec: AppSpec, facts: Facts) -> str:
    name = service_name(spec)
    match variable.origin:
        case Generated(typed=typed) as need:
            made = recipe(facts.table("code_recipe" if typed else "secret_recipe"))
            if reason := unfit(need, made):
                raise ValueError(f"{made.expression} does not serve {variable.name}: {reason}")
            # Coolify takes what stands before the last underscore for the kind, so there is none in what follows.
            return f"${{{made.expression}_{variable.name.removeprefix('MATHESAR_').replace('_', '')}}}"
        case FromDatabase() as need:
            return need.of(user=USER, password=PASSWORD, host=f"{name}-db", name=spec.dbname)
        case PublicHost():
            return f"${{SERVICE_FQDN_{name.upper()}}}"
        case Prompt(required=required):
            return f"${{{variable.name}{':?' if required else ''}}}"
        case Constant(value=value):
            return value.replace("$", "$$")


def path(spec: AppSpec) -> str:
    """Return the file's path: Coolify's own templates are files called as their service."""
    return f"platforms/coolify/{spec.name}.yaml"


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return the template, to be pasted as a Docker Compose resource, and the install page."""
    facts = load_facts(__file__)
    made = template(spec, facts)
    data = _commented(made.model_dump(exclude_none=True), spec)
    words = {
        "database": f"the service `{service_name(spec)}-db`",
        "generated": "generated by Coolify",
        "host": "the service's domain",
        "prompt": "an empty variable, for you to fill in",
        "constant": "the template",
    }
    given = {variable.name: words[variable.origin.kind] for variable in spec.variables}
    given |= {"APP_PLATFORM": "the template", "PORT": "the template"}
    install = page(Path(__file__).with_name("install.md.j2"), spec, facts, label="Coolify", given=given)
    text = f"{header(spec).comment()}# {NOTICE}\n\n{yaml(data)}"
    return {path(spec): text, "platforms/coolify/README.md": install}


def _commented(data: dict[str, Any], spec: AppSpec) -> dict[str, Any]:
    service = data["services"][service_name(spec)]
    why = {variable.name: variable.why for variable in spec.variables}
    lines = (
        Noted(line, why[key]) if (key := line.partition("=")[0]) in why else line for line in service["environment"]
    )
    service["environment"] = list(lines)
    if isinstance(spec.source, Build):
        service["build"] = Noted(service["build"], "No image is published yet: the server builds the repository.")
    return data
