"""``app.json``, which the button reads once, and ``heroku.yml``, which every build reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioner.buttons import Button
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import json_text, yaml
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

APP, BUILD = "app.json", "heroku.yml"
DOCKERFILE = "platforms/heroku/Dockerfile"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Env(_Model):
    """https://devcenter.heroku.com/articles/app-json-schema#env"""

    description: str
    value: str | None = None
    required: bool | None = None
    generator: Literal["secret"] | None = None


class AddonOptions(_Model):
    """What ``heroku addons:create`` takes as flags."""

    version: str


class Addon(_Model):
    """https://devcenter.heroku.com/articles/app-json-schema#addons"""

    plan: str
    options: AddonOptions


class Dynos(_Model):
    """https://devcenter.heroku.com/articles/app-json-schema#formation"""

    quantity: int = Field(ge=0)
    size: str


class Formation(_Model):
    """One process type."""

    web: Dynos


class AppJson(_Model):
    """The whole file; name and description as strict as the format's own schema has them."""

    name: str = Field(min_length=3, max_length=30)
    description: str = Field(max_length=140)
    keywords: tuple[str, ...]
    website: str
    repository: str
    logo: str
    success_url: str
    stack: Literal["container"] = "container"
    env: dict[str, Env]
    addons: tuple[Addon, ...]
    formation: Formation


class DockerBuild(_Model):
    """Which Dockerfile makes the image of each process type."""

    web: str


class BuildSection(_Model):
    """https://devcenter.heroku.com/articles/build-docker-images-heroku-yml"""

    docker: DockerBuild


class Release(_Model):
    """Runs in the new image before it serves; where it fails, the old release goes on."""

    image: Literal["web"] = "web"
    command: tuple[str, ...]


class Run(_Model):
    """The command of each process type."""

    web: str


class HerokuYml(_Model):
    """The whole file."""

    build: BuildSection
    release: Release
    run: Run


def app_json(spec: AppSpec, facts: Facts) -> AppJson:
    """Return app.json. Raises ValueError where a generated secret would not serve."""
    envs = {variable.name: _env(variable, facts) for variable in spec.variables}
    raw = spec.repository.replace("https://github.com/", "https://raw.githubusercontent.com/")
    return AppJson(
        name=spec.title if spec.name == spec.title.lower() else spec.name,
        description=spec.tagline,
        keywords=("postgresql", "database", "spreadsheet", "django", "self-hosted"),
        website=spec.website,
        repository=spec.repository,
        logo=f"{raw}/{spec.branch}/platforms/assets/logo.svg",
        success_url="/",
        env={name: env for name, env in envs.items() if env is not None},
        addons=(
            Addon(
                plan=f"heroku-postgresql:{facts.text('database_plan')}",
                options=AddonOptions(version=facts.text("postgres_version")),
            ),
        ),
        formation=Formation(web=Dynos(quantity=spec.instances, size=facts.text("web_plan"))),
    )


def _env(variable: Variable, facts: Facts) -> Env | None:
    match variable.origin:
        case Generated() as need:
            if reason := unfit(need, recipe(facts.table("secret_recipe"))):
                raise ValueError(f"generator: secret does not serve {variable.name}: {reason}")
            return Env(description=variable.why, generator="secret")
        case Prompt(required=required):
            return Env(description=variable.why, required=required)
        case Constant(value=value):
            return Env(description=variable.why, value=value)
        case FromDatabase() | PublicHost():
            # The add-on sets DATABASE_URL and changes it at will; the router checks the Host header itself.
            return None


def heroku_yml(spec: AppSpec) -> HerokuYml:
    """Return heroku.yml. It cannot run a published image, so that flavour builds one line that starts from it."""
    dockerfile = spec.source.dockerfile if isinstance(spec.source, Build) else DOCKERFILE
    return HerokuYml(
        build=BuildSection(docker=DockerBuild(web=dockerfile)),
        release=Release(command=(" ".join(spec.release),)),
        run=Run(web=" ".join(spec.command)),
    )


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return both files, which must lie at the repository's root, the image's Dockerfile, and the install page."""
    facts = load_facts(__file__)
    app = app_json(spec, facts)
    given = {"DATABASE_URL": "the add-on `heroku-postgresql`", **{name: _given(env) for name, env in app.env.items()}}
    template = Path(__file__).with_name("install.md.j2")
    made = {
        APP: json_text(app.model_dump(exclude_none=True)),
        BUILD: yaml(heroku_yml(spec).model_dump(), header=NOTICE),
        "platforms/heroku/README.md": page(template, spec, facts, label="Heroku", given=given, button=button(spec)),
    }
    if isinstance(spec.source, Image):
        made[DOCKERFILE] = f"# {NOTICE}\nFROM {spec.source.reference}\n"
    return made


def button(spec: AppSpec) -> Button:
    """Return the button; without ``template`` it would rely on the Referer header, which Heroku no longer reads."""
    url = f"https://www.heroku.com/deploy?template={spec.repository}/tree/{spec.branch}"
    return Button("Deploy to Heroku", url, "https://www.herokucdn.com/deploy/button.svg")


def _given(env: Env) -> str:
    return "generated by Heroku" if env.generator else "asked for when you press the button, optional"
