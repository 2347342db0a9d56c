"""``render.yaml``: the strict current form of Render's Blueprint, as far as an app with one database needs it."""

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
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

PATH = "render.yaml"
SCHEMA = "https://render.com/schema/render.yaml.json"
PROPERTIES = {"url": "connectionString", "name": "database"}  # the others have our names


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseProperty(_Model):
    """https://render.com/docs/blueprint-spec#referencing-values-from-other-services"""

    name: str
    property: Literal["connectionString", "connectionPoolString", "host", "port", "user", "password", "database"]


class EnvVar(_Model):
    """One of ``value``, ``generateValue``, ``sync`` and ``fromDatabase``."""

    key: str
    value: str | None = None
    generateValue: Literal[True] | None = None
    sync: Literal[False] | None = None
    fromDatabase: DatabaseProperty | None = None


class ImageSource(_Model):
    """A prebuilt image."""

    url: str


class WebService(_Model):
    """https://render.com/docs/blueprint-spec#service-fields"""

    type: Literal["web"] = "web"
    name: str
    runtime: Literal["docker", "image"]
    image: ImageSource | None = None
    dockerfilePath: str | None = None
    plan: str
    region: str
    numInstances: int = Field(ge=1)
    dockerCommand: str
    preDeployCommand: str
    healthCheckPath: str = Field(pattern="^/")
    maxShutdownDelaySeconds: int = Field(ge=1, le=300)
    autoDeployTrigger: Literal["off", "commit", "checksPass"]
    envVars: tuple[EnvVar, ...]


class Database(_Model):
    """https://render.com/docs/blueprint-spec#database-fields; without ``ipAllowList`` it is open to the internet."""

    name: str
    plan: str
    region: str
    postgresMajorVersion: str
    databaseName: str
    user: str
    ipAllowList: tuple[()] = ()


class Blueprint(_Model):
    """The whole file."""

    services: tuple[WebService, ...]
    databases: tuple[Database, ...]


def blueprint(spec: AppSpec, facts: Facts) -> Blueprint:
    """Return the Blueprint. Raises ValueError where a generated secret would not serve."""
    built = isinstance(spec.source, Build)
    envs = (_env(variable, spec, facts) for variable in spec.variables)
    service = WebService(
        name=spec.name,
        runtime="docker" if built else "image",
        image=ImageSource(url=spec.source.reference) if isinstance(spec.source, Image) else None,
        dockerfilePath=f"./{spec.source.dockerfile}" if isinstance(spec.source, Build) else None,
        plan=facts.text("web_plan"),
        region=facts.text("region"),
        numInstances=spec.instances,
        dockerCommand=" ".join(spec.command),
        preDeployCommand=" ".join(spec.release),
        healthCheckPath=spec.live_path,
        maxShutdownDelaySeconds=spec.shutdown_seconds,
        autoDeployTrigger="commit" if built else "off",
        envVars=tuple(env for env in envs if env is not None),
    )
    database = Database(
        name=spec.database,
        plan=facts.text("database_plan"),
        region=facts.text("region"),
        postgresMajorVersion=facts.text("postgres_version"),
        databaseName=spec.dbname,
        user=spec.dbname,
    )
    return Blueprint(services=(service,), databases=(database,))


def _env(variable: Variable, spec: AppSpec, facts: Facts) -> EnvVar | None:
    match variable.origin:
        case Generated() as need:
            if reason := unfit(need, recipe(facts.table("secret_recipe"))):
                raise ValueError(f"generateValue does not serve {variable.name}: {reason}")
            return EnvVar(key=variable.name, generateValue=True)
        case FromDatabase(part=part):
            reference = {"name": spec.database, "property": PROPERTIES.get(part, part)}
            return EnvVar(key=variable.name, fromDatabase=DatabaseProperty.model_validate(reference))
        case Constant(value=value):
            return EnvVar(key=variable.name, value=value)
        case Prompt(required=True):
            return EnvVar(key=variable.name, sync=False)
        case Prompt() | PublicHost():
            # A prompt cannot be skipped at the click, and RENDER_EXTERNAL_HOSTNAME says the host.
            return None


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return render.yaml, which must lie at the repository's root, and the install page."""
    facts = load_facts(__file__)
    made = blueprint(spec, facts)
    data = _commented(made.model_dump(exclude_none=True), spec)
    template = Path(__file__).with_name("install.md.j2")
    given = {env.key: _given(env) for env in made.services[0].envVars}
    return {
        PATH: yaml(data, header=f"{NOTICE}\nyaml-language-server: $schema={SCHEMA}"),
        "platforms/render/README.md": page(template, spec, facts, label="Render", given=given, button=button(spec)),
    }


def button(spec: AppSpec) -> Button:
    """Return the button; without ``repo`` Render would rely on the Referer header."""
    url = f"https://render.com/deploy?repo={spec.repository}/tree/{spec.branch}"
    return Button("Deploy to Render", url, "https://render.com/images/deploy-to-render-button.svg")


def _given(env: EnvVar) -> str:
    if env.fromDatabase is not None:
        return f"the database `{env.fromDatabase.name}`"
    return "generated by Render" if env.generateValue else "the manifest"


def _commented(data: dict[str, Any], spec: AppSpec) -> dict[str, Any]:
    service = data["services"][0]
    service["envVars"] = [Noted(env, spec.variable(env["key"]).why) for env in service["envVars"]]
    database = data["databases"][0]
    database["ipAllowList"] = Noted([], "Reached on the private network alone.")
    return data
