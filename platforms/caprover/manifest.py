"""The one-click app: a template of captainVersion 4 with the app and a PostgreSQL of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import Noted, yaml
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Image, Prompt, PublicHost
from provisioner.spec import Variable as Needed

APP, DATABASE = "$$cap_appname", "$$cap_appname-db"
HOST = f"srv-captain--{DATABASE}"
PASSWORD = "$$cap_db_password"  # noqa: S105 - a variable's id
PICTURE = "/^[^\\s@]+\\/[^\\s@]+@sha256:[0-9a-f]{64}$/"  # a whole reference, pinned


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Extra(_Model):
    """https://github.com/caprover/one-click-apps#services; numbers and switches are text there."""

    containerHttpPort: str | None = None
    notExposeAsWebApp: Literal["true"] | None = None


class Service(_Model):
    """What CapRover reads of a Compose service; everything else it passes over, health checks included."""

    image: str
    environment: dict[str, str]
    volumes: tuple[str, ...] | None = None
    depends_on: tuple[str, ...] | None = None
    caproverExtra: Extra


class Variable(_Model):
    """One field of the form. Without ``validRegex`` it may stay empty."""

    id: str = Field(pattern=r"^\$\$cap_[a-z0-9_]+$")
    label: str
    defaultValue: str | None = None
    description: str
    validRegex: str | None = Field(default=None, pattern="^/.+/$")


class Instructions(_Model):
    """What is shown before and after."""

    start: str
    end: str


class OneClickApp(_Model):
    """https://github.com/caprover/one-click-apps#how-to-create-a-one-click-app-as-of-v180"""

    variables: tuple[Variable, ...]
    instructions: Instructions
    displayName: str
    isOfficial: Literal[False] = False
    description: str
    documentation: str


class Template(_Model):
    """The whole file."""

    captainVersion: Literal[4] = 4
    services: dict[str, Service]
    caproverOneClickApp: OneClickApp


def template(spec: AppSpec, facts: Facts) -> Template:
    """Return the template. Raises ValueError where a secret would not serve, or the description is too long."""
    image, asked = _image(spec)
    envs = {variable.name: _value(variable, spec) for variable in spec.variables}
    app = Service(
        image=image,
        environment=envs | {"APP_PLATFORM": "caprover", "PORT": str(spec.port)},
        depends_on=(DATABASE,),
        caproverExtra=Extra(containerHttpPort=str(spec.port)),
    )
    database = Service(
        image=facts.text("postgres_image"),
        environment={"POSTGRES_USER": spec.dbname, "POSTGRES_DB": spec.dbname, "POSTGRES_PASSWORD": PASSWORD},
        volumes=(f"{DATABASE}-data:{facts.text('postgres_folder')}",),
        caproverExtra=Extra(notExposeAsWebApp="true"),
    )
    password = Variable(
        id=PASSWORD,
        label="Database password",
        defaultValue=recipe(facts.table("secret_recipe")).expression,
        description="Letters, digits and - . _ ~ only: it stands in a URL.",
        validRegex="/^[A-Za-z0-9._~-]{16,}$/",
    )
    fields = (_field(variable, facts) for variable in spec.variables)
    description = (
        f"{spec.tagline.removesuffix('.')}: browse tables in a browser, with accounts for your colleagues and "
        "connections to as many servers as you like."
    )
    if len(description) > facts.integer("description_limit"):
        raise ValueError("the description is longer than CapRover's repository of apps takes")
    about = OneClickApp(
        variables=(asked, *(field for field in fields if field is not None), password),
        instructions=Instructions(start=_start(spec), end=_end(spec)),
        displayName=spec.title,
        description=description,
        documentation=spec.repository,
    )
    return Template(services={DATABASE: database, APP: app}, caproverOneClickApp=about)


def _image(spec: AppSpec) -> tuple[str, Variable]:
    """Return the image, and the field of the form that says which; CapRover cannot build a repository here."""
    if isinstance(spec.source, Image):
        digest = spec.source.parts["digest"]
        asked = Variable(
            id="$$cap_app_version",
            label="Version",
            defaultValue=digest,
            description="The image's digest: what it names never changes.",
            validRegex="/^sha256:[0-9a-f]{64}$/",
        )
        return f"{spec.source.reference.removesuffix(digest)}{asked.id}", asked
    asked = Variable(
        id="$$cap_app_image",
        label="Image",
        description=f"As REGISTRY/NAME@sha256:…, built from {spec.repository}; none is published yet.",
        validRegex=PICTURE,
    )
    return asked.id, asked


def _id(variable: Needed) -> str:
    return f"$$cap_{variable.name.removeprefix('MATHESAR_').lower()}"


def _value(variable: Needed, spec: AppSpec) -> str:
    match variable.origin:
        case Generated() | Prompt():
            return _id(variable)
        case FromDatabase() as need:
            return need.of(user=spec.dbname, password=PASSWORD, host=HOST, name=spec.dbname)
        case PublicHost():
            return f"{APP}.$$cap_root_domain"
        case Constant(value=value):
            return value


def _field(variable: Needed, facts: Facts) -> Variable | None:
    field = {"id": _id(variable), "label": variable.name, "description": variable.why}
    match variable.origin:
        case Generated(typed=typed, shortest=shortest) as need:
            made = recipe(facts.table("code_recipe" if typed else "secret_recipe"))
            if reason := unfit(need, made):
                raise ValueError(f"{made.expression} does not serve {variable.name}: {reason}")
            # Not anything: the values are put into the template's JSON as they are.
            return Variable(**field, defaultValue=made.expression, validRegex=f'/^[^\\s"\\\\]{{{shortest},}}$/')
        case Prompt(required=required):
            return Variable(**field, validRegex="/.{1,}/" if required else None)
        case _:
            return None


def _start(spec: AppSpec) -> str:
    return (
        f"{spec.title} keeps its accounts and settings in a schema of its own in the PostgreSQL database that\n"
        "DATABASE_URL names, and shows that database as the first one. More databases can be connected\n"
        "afterwards, on the page."
    )


def _end(spec: AppSpec) -> str:
    return (
        f"{spec.title} is deployed. Enable HTTPS for the app before you go on: it answers on HTTPS alone.\n\n"
        f"Then open https://{APP}.$$cap_root_domain. Every page leads to the setup page, which asks for a code: it is\n"
        f"MATHESAR_SETUP_CODE, under App Configs of {APP}. Whoever has it makes the first superuser."
    )


def path(spec: AppSpec) -> str:
    """Return the file's path: a repository of one-click apps has one file for each app, called as the app."""
    return f"platforms/caprover/{spec.name}.yml"


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return the template, to be pasted or served by a repository of one-click apps, and the install page."""
    facts = load_facts(__file__)
    made = template(spec, facts)
    data = _commented(made.model_dump(exclude_none=True), spec)
    words = {
        "database": f"the app `NAME-db` beside it, database `{spec.dbname}`",
        "generated": "generated in the form, where you can still change it",
        "host": "the app's name and the root domain",
        "prompt": "the form",
        "constant": "the template",
    }
    given = {variable.name: words[variable.origin.kind] for variable in spec.variables}
    given |= {"APP_PLATFORM": "the template", "PORT": "the template, as `containerHttpPort`"}
    install = page(Path(__file__).with_name("install.md.j2"), spec, facts, label="CapRover", given=given)
    return {path(spec): yaml(data, header=NOTICE), "platforms/caprover/README.md": install}


def _commented(data: dict[str, Any], spec: AppSpec) -> dict[str, Any]:
    environment = data["services"][APP]["environment"]
    for variable in spec.variables:
        environment[variable.name] = Noted(environment[variable.name], variable.why)
    return data
