"""Railway's template descriptor and ``.railway/railway.py``; railway.json is read no longer, so none is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field

from provisioner.buttons import Button
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import json_text, render
from provisioner.manifests import NOTICE
from provisioner.recipes import Recipe, recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

TEMPLATE = "platforms/railway/template.json"
PROGRAM = ".railway/railway.py"
PARTS = {
    "url": "DATABASE_URL", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "name": "PGDATABASE",
}  # fmt: skip
DRAINING = "RAILWAY_DEPLOYMENT_DRAINING_SECONDS"
OVERLAP = "RAILWAY_DEPLOYMENT_OVERLAP_SECONDS"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TemplateVariable(_Model):
    """What the form of the button shows; without a default it is asked for, and may stay empty if optional."""

    defaultValue: str | None = None
    isOptional: bool = False
    description: str


class Source(_Model):
    """An image, or a repository as ``owner/name``; a branch is named in its URL, or here."""

    image: str | None = None
    repo: str | None = None
    branch: str | None = None


class BuildSettings(_Model):
    """Empty for an image."""

    builder: Literal["DOCKERFILE"] | None = None
    dockerfilePath: str | None = None


class Deploy(_Model):
    """https://docs.railway.com/config-as-code/reference has the meaning of each; times in seconds."""

    startCommand: str | None = None
    preDeployCommand: tuple[str, ...] | None = None
    healthcheckPath: str | None = Field(default=None, pattern="^/")
    healthcheckTimeout: int | None = None
    drainingSeconds: int | None = None
    overlapSeconds: int | None = None
    requiredMountPath: str | None = None


class Domain(_Model):
    """The port that requests are sent to."""

    port: int


class Networking(_Model):
    """The key ``<hasDomain>:PORT`` stands for a domain that is generated at the click; none is private."""

    serviceDomains: dict[str, Domain] = {}
    tcpProxies: dict[str, dict[str, Any]] = {}


class Mount(_Model):
    """A volume, by its id in the descriptor."""

    mountPath: str


class Service(_Model):
    """One service of the descriptor."""

    name: str
    icon: str | None = None
    source: Source
    build: BuildSettings
    deploy: Deploy
    networking: Networking
    variables: dict[str, TemplateVariable]
    volumeMounts: dict[str, Mount] = {}


class Template(_Model):
    """``SerializedTemplateConfig``, which the API takes and gives as plain JSON; ids are the author's."""

    services: dict[str, Service]


def template(spec: AppSpec, facts: Facts) -> Template:
    """Return the descriptor. Raises ValueError where a generated secret would not serve."""
    return Template(services={_id(spec, "app"): _app(spec, facts), _id(spec, "database"): _database(spec, facts)})


def _id(spec: AppSpec, what: str) -> str:
    """Return the same id for the same install, whatever the moment."""
    return str(uuid5(NAMESPACE_URL, f"{spec.repository}#{spec.name}/{what}"))


def _app(spec: AppSpec, facts: Facts) -> Service:
    source, built = spec.source, isinstance(spec.source, Build)
    asked = {variable.name: _variable(variable, spec, facts) for variable in spec.variables}
    raw = f"https://raw.githubusercontent.com/{spec.slug}/{spec.branch}/platforms/assets/logo-512.png"
    return Service(
        name=spec.name,
        icon=raw if spec.repository.startswith("https://github.com/") else None,
        source=Source(image=source.reference)
        if isinstance(source, Image)
        else Source(repo=spec.slug, branch=spec.branch),
        build=BuildSettings(builder="DOCKERFILE", dockerfilePath=source.dockerfile)
        if isinstance(source, Build)
        else BuildSettings(),
        deploy=Deploy(
            startCommand=" ".join(spec.command),
            preDeployCommand=(" ".join(spec.release),),
            healthcheckPath=spec.ready_path,
            healthcheckTimeout=facts.integer("health_seconds"),
            drainingSeconds=facts.integer("draining_seconds"),
            overlapSeconds=facts.integer("overlap_seconds"),
        ),
        networking=Networking(serviceDomains={f"<hasDomain>:{spec.port}": Domain(port=spec.port)}),
        variables={
            **{name: variable for name, variable in asked.items() if variable is not None},
            **{name: _plain(value, words) for name, (value, words) in settings(spec, facts, built=built).items()},
        },
    )


def settings(spec: AppSpec, facts: Facts, *, built: bool) -> dict[str, tuple[str, str]]:
    """Return the variables that Railway itself reads, with what they are for."""
    found = {
        "PORT": (str(spec.port), "The port of the domain and of the health check."),
        DRAINING: (str(facts.integer("draining_seconds")), "Seconds between SIGTERM and SIGKILL."),
        OVERLAP: (str(facts.integer("overlap_seconds")), "Seconds in which the old release serves beside the new one."),
    }
    if built and isinstance(spec.source, Build):
        found["RAILWAY_DOCKERFILE_PATH"] = (spec.source.dockerfile, "What the image is built from.")
    return found


def _plain(value: str, words: str) -> TemplateVariable:
    return TemplateVariable(defaultValue=value, description=words)


def _variable(variable: Variable, spec: AppSpec, facts: Facts) -> TemplateVariable | None:
    match variable.origin:
        case Generated() as need:
            made = _recipe(need, facts)
            if reason := unfit(need, made):
                raise ValueError(f"{made.expression} does not serve {variable.name}: {reason}")
            return _plain(f"${{{{{made.expression}}}}}", variable.why)
        case FromDatabase(part=part):
            return _plain(f"${{{{{spec.database}.{PARTS[part]}}}}}", variable.why)
        case Constant(value=value):
            return _plain(value, variable.why)
        case Prompt(required=required):
            return TemplateVariable(isOptional=not required, description=variable.why)
        case PublicHost():
            return None  # RAILWAY_PUBLIC_DOMAIN says it


def _recipe(need: Generated, facts: Facts) -> Recipe:
    return recipe(facts.table("typed_recipe" if need.typed else "secret_recipe"))


def _database(spec: AppSpec, facts: Facts) -> Service:
    mount = facts.text("postgres_mount")
    password = facts.text("postgres_password")
    url = "postgresql://${{PGUSER}}:${{POSTGRES_PASSWORD}}@${{RAILWAY_PRIVATE_DOMAIN}}:5432/${{PGDATABASE}}"
    values = {
        "DATABASE_URL": (url, "The address on the private network."),
        "PGDATA": (f"{mount}/pgdata", "A folder below the volume, whose root is not empty."),
        "PGHOST": ("${{RAILWAY_PRIVATE_DOMAIN}}", "The host name on the private network."),
        "PGPORT": ("5432", "The port on the private network."),
        "PGUSER": ("${{POSTGRES_USER}}", "The name of the role."),
        "PGPASSWORD": ("${{POSTGRES_PASSWORD}}", "The role's password."),
        "PGDATABASE": ("${{POSTGRES_DB}}", "The database's name."),
        "POSTGRES_DB": (spec.dbname, "The database that is made at the first start."),
        "POSTGRES_USER": ("postgres", "The role that is made at the first start."),
        "POSTGRES_PASSWORD": (f"${{{{{password}}}}}", "Made at the first deploy; letters alone, as part of a URL."),
        DRAINING: ("60", "Seconds in which PostgreSQL may shut down cleanly."),
    }
    return Service(
        name=spec.database,
        icon=facts.text("postgres_icon"),
        source=Source(image=f"{facts.text('postgres_image')}:{facts.text('postgres_version')}"),
        build=BuildSettings(),
        deploy=Deploy(requiredMountPath=mount),
        networking=Networking(),
        variables={name: _plain(value, words) for name, (value, words) in values.items()},
        volumeMounts={_id(spec, "volume"): Mount(mountPath=mount)},
    )


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return the descriptor, the program for ``railway config`` and the install page."""
    facts = load_facts(__file__)
    here = Path(__file__).parent
    made = template(spec, facts)
    app = next(iter(made.services.values()))
    words = {
        "database": f"the database `{spec.database}`",
        "generated": "generated by the template; set with the CLI otherwise",
        "prompt": "asked for, may stay empty",
    }
    given = {
        each.name: words.get(each.origin.kind, "the manifest") for each in spec.variables if each.name in app.variables
    }
    return {
        TEMPLATE: json_text(made.model_dump(mode="json", exclude_none=True)),
        PROGRAM: program(spec, facts),
        "platforms/railway/README.md": page(
            here / "install.md.j2", spec, facts, label="Railway", given=given, button=button(spec)
        ),
    }


def program(spec: AppSpec, facts: Facts) -> str:
    """Return ``.railway/railway.py``: Railway's SDK has no generator of secrets, so those are kept as they are."""
    plain = {name: value for name, (value, _) in settings(spec, facts, built=False).items()}
    return render(
        Path(__file__).with_name("railway.py.j2"), notice=NOTICE, spec=spec, facts=facts, plain=plain, parts=PARTS
    )


def button(spec: AppSpec) -> Button | None:
    """Return the button; None while the template has no code, which Railway gives it when it is published."""
    code = load_facts(__file__).text("template_code")
    if not code:
        return None
    url = f"https://railway.com/new/template/{code}?utm_medium=integration&utm_source=button&utm_campaign={spec.name}"
    return Button("Deploy on Railway", url, "https://railway.com/button.svg")
