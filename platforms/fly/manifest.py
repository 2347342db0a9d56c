"""``fly.toml``: the strict current form, for one app; the database and the secrets are made with ``fly``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import render
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

PATH = "platforms/fly/fly.toml"
UP = "../" * PATH.count("/")  # from the file to the repository's root
GROUP = "app"
Duration = Field(pattern=r"^[0-9]+(ms|s|m|h)$")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BuildSection(_Model):
    """One of the two; ``dockerfile`` is relative to the file, as flyctl resolves it."""

    dockerfile: str | None = None
    image: str | None = None


class Deploy(_Model):
    """``bluegreen`` needs a check, and keeps the old Machine until the new one passes it."""

    release_command: str
    strategy: Literal["rolling", "bluegreen", "canary", "immediate"]


class Check(_Model):
    """One HTTP check: it decides about routing and about the deploy, and restarts nothing."""

    method: Literal["GET"] = "GET"
    path: str = Field(pattern="^/")
    grace_period: str = Duration
    interval: str = Duration
    timeout: str = Duration


class HttpService(_Model):
    """Ports 80 and 443 at Fly Proxy, led to ``internal_port`` of the Machine."""

    internal_port: int = Field(ge=1, le=65535)
    force_https: bool
    auto_stop_machines: Literal["off", "stop", "suspend"]
    auto_start_machines: bool
    min_machines_running: int = Field(ge=0)
    processes: tuple[str, ...]
    checks: tuple[Check, ...] = Field(min_length=1)


class Vm(_Model):
    """The size of each Machine."""

    size: str
    memory: str = Field(pattern=r"^[0-9]+(mb|gb)$")


class Config(_Model):
    """https://fly.io/docs/reference/configuration/"""

    app: str
    primary_region: str
    kill_signal: Literal["SIGTERM"] = "SIGTERM"
    kill_timeout: int = Field(ge=1, le=300)
    build: BuildSection
    deploy: Deploy
    env: dict[str, str]
    processes: dict[str, str]
    http_service: HttpService
    vm: tuple[Vm, ...]


def config(spec: AppSpec, facts: Facts) -> Config:
    """Return the app's configuration."""
    constants = {each.name: each.origin.value for each in spec.variables if isinstance(each.origin, Constant)}
    check = Check(path=spec.ready_path, grace_period=f"{spec.boot_seconds}s", interval="15s", timeout="5s")
    service = HttpService(
        internal_port=spec.port,
        force_https=True,
        auto_stop_machines="stop",
        auto_start_machines=True,
        min_machines_running=spec.instances,
        processes=(GROUP,),
        checks=(check,),
    )
    return Config(
        app=spec.name,
        primary_region=facts.text("region"),
        kill_timeout=spec.shutdown_seconds,
        build=BuildSection(
            dockerfile=f"{UP}{spec.source.dockerfile}" if isinstance(spec.source, Build) else None,
            image=spec.source.reference if isinstance(spec.source, Image) else None,
        ),
        deploy=Deploy(release_command=" ".join(spec.release), strategy="bluegreen"),
        env={"PORT": str(spec.port), **constants},
        processes={GROUP: " ".join(spec.command)},
        http_service=service,
        vm=(Vm(size=facts.text("web_plan"), memory=f"{spec.memory_mb}mb"),),
    )


def secrets(spec: AppSpec, facts: Facts) -> dict[str, str]:
    """Return where each secret of the install comes from, by variable.

    Raises ValueError where what the page's command makes up would not serve.
    """
    found = {each.name: _origin(each, facts) for each in spec.variables}
    return {name: words for name, words in found.items() if words}


def _origin(variable: Variable, facts: Facts) -> str:
    match variable.origin:
        case Generated(typed=True):
            return ""  # the log has a code where none is set
        case Generated() as need:
            if reason := unfit(need, made := recipe(facts.table("secret_recipe"))):
                raise ValueError(f"{made.expression} does not serve {variable.name}: {reason}")
            return f"`fly secrets`, from `{made.expression}`"
        case FromDatabase(part="url"):
            return "`fly mpg attach`"
        case FromDatabase():
            raise ValueError(f"Fly.io gives a database's URL alone, which does not serve {variable.name}")
        case Prompt(required=True):
            return "`fly secrets`, typed by you"
        case Prompt() | PublicHost() | Constant():
            return ""  # FLY_APP_NAME says the host, and constants stand in the file


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return fly.toml and the install page. There is no button: Fly.io has none."""
    facts = load_facts(__file__)
    made, asked = config(spec, facts), secrets(spec, facts)
    given = {**asked, **dict.fromkeys(made.env, "the manifest")}
    text = render(Path(__file__).with_name("fly.toml.j2"), config=made, secrets=list(asked), notice=NOTICE, path=PATH)
    template = Path(__file__).with_name("install.md.j2")
    return {PATH: text, "platforms/fly/README.md": page(template, spec, facts, label="Fly.io", given=given)}
