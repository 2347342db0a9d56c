"""``app.json`` of the Cloud Run Button, and ``service.yaml`` for images that Cloud Run takes as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from provisioner.buttons import Button
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import json_text
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

from . import service

FOLDER = "platforms/cloudrun"
PATH = f"{FOLDER}/app.json"
UP = "/.." * (FOLDER.count("/") + 1)  # from the folder to the repository's root


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EnvVar(_Model):
    """What has neither a value nor a generator is asked for, in the Cloud Shell."""

    description: str
    value: str | None = None
    required: Literal[True] | None = None
    generator: Literal["secret"] | None = None


class Options(_Model):
    """https://github.com/GoogleCloudPlatform/cloud-run-button#customizing-deployment-parameters"""

    allow_unauthenticated: Literal[True] = Field(default=True, alias="allow-unauthenticated")
    memory: str = Field(pattern="^[0-9]+Mi$")
    cpu: str
    max_instances: int = Field(alias="max-instances", ge=1, le=1000)


class BuildOptions(_Model):
    """The button's own build takes the folder of app.json for everything that there is."""

    skip: Literal[True] = True


class Hook(_Model):
    """Commands for bash, in the folder of app.json."""

    commands: tuple[str, ...]


class Hooks(_Model):
    """``prebuild`` finds the image's name in IMAGE_URL; the button pushes it afterwards."""

    prebuild: Hook


class AppJson(_Model):
    """The whole file; the button refuses any other key."""

    name: str
    env: dict[str, EnvVar]
    options: Options
    build: BuildOptions | None = None
    hooks: Hooks | None = None


def app(spec: AppSpec, facts: Facts) -> AppJson:
    """Return the app. Raises ValueError where a generated secret would not serve."""
    envs = {each.name: _env(each, facts) for each in spec.variables}
    built = isinstance(spec.source, Build)
    options = {"memory": f"{spec.memory_mb}Mi", "cpu": facts.text("cpu"), "max-instances": spec.instances}
    return AppJson(
        name=spec.name,
        env={name: env for name, env in envs.items() if env is not None},
        options=Options.model_validate(options),
        build=BuildOptions() if built else None,
        hooks=Hooks(prebuild=Hook(commands=(_build(spec.source),))) if isinstance(spec.source, Build) else None,
    )


def _build(source: Build) -> str:
    root = f"$APP_DIR{UP}"
    return f'docker build --tag "$IMAGE_URL" --file "{root}/{source.dockerfile}" "{root}"'


def _env(variable: Variable, facts: Facts) -> EnvVar | None:
    match variable.origin:
        case Generated() as need:
            if reason := unfit(need, recipe(facts.table("secret_recipe"))):
                raise ValueError(f"the generator does not serve {variable.name}: {reason}")
            return EnvVar(description=variable.why, generator="secret")
        case FromDatabase(part="url"):
            return EnvVar(description=f"The URL of a PostgreSQL database. {variable.why}", required=True)
        case FromDatabase(part=part):
            return EnvVar(description=f"The {part} of a PostgreSQL database. {variable.why}", required=True)
        case Constant(value=value):
            return EnvVar(description=variable.why, value=value)
        case Prompt(required=True):
            return EnvVar(description=variable.why, required=True)
        case Prompt() | PublicHost():
            # The button asks for every variable that it lists and takes no empty answer; the front end checks hosts.
            return None


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return app.json, what it builds from, and the install page; service.yaml only for a registry that is taken."""
    facts = load_facts(__file__)
    made = app(spec, facts)
    found = {PATH: json_text(made.model_dump(mode="json", by_alias=True, exclude_none=True))}
    if isinstance(spec.source, Image):
        found[f"{FOLDER}/Dockerfile"] = f"# {NOTICE}\nFROM {spec.source.reference}\n"
        if service.pulls(spec.source, facts):
            found[service.PATH] = service.text(spec, spec.source, facts)
    template = Path(__file__).with_name("install.md.j2")
    given = {name: _given(env) for name, env in made.env.items()}
    text = page(template, spec, facts, label="Google Cloud Run", given=given, button=button(spec))
    return {**found, f"{FOLDER}/README.md": text}


def button(spec: AppSpec) -> Button:
    """Return the button; the app.json at the repository's root is another platform's, so ``dir`` names ours."""
    query = urlencode({"git_repo": f"{spec.repository}.git", "revision": spec.branch, "dir": FOLDER}, safe=":/")
    return Button("Run on Google Cloud", f"https://deploy.cloud.run/?{query}", "https://deploy.cloud.run/button.svg")


def _given(env: EnvVar) -> str:
    if env.generator:
        return "generated by the button"
    return "the manifest" if env.value is not None else "typed by you"
