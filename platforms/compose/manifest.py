"""``compose.yaml``: the app, its PostgreSQL, and a service that runs once to make their secrets."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provisioner.compose_spec import BuildSource, Dependency, Healthcheck, app_check, limited
from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import Noted, render, yaml
from provisioner.manifests import NOTICE
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Build, Constant, FromDatabase, Generated, Image, Prompt, PublicHost

from .models import EnvFile, Network, Project, Service

PATH = "platforms/compose/compose.yaml"
FOLDER = "/var/lib/mathesar"  # the image makes it for its own user, so a new volume there is that user's too
CREDENTIALS = "/run/credentials"  # where the database sees the same volume
PASSWORD = "database_password"  # noqa: S105 - a file's name


def project(spec: AppSpec, facts: Facts) -> Project:
    """Return the project. Raises ValueError where the one-shot service's secrets would not serve."""
    services = {"app": _app(spec, facts), "db": _database(spec, facts), "secrets": _secrets(spec, facts)}
    networks = {"default": Network(), "database": Network(internal=True)}
    return Project(name=spec.name, services=services, networks=networks, volumes={"database": {}, "secrets": {}})


def _source(spec: AppSpec) -> dict[str, Any]:
    if isinstance(spec.source, Image):
        return {"image": spec.source.reference}
    return {"build": BuildSource(context="${BUILD_CONTEXT:-../..}", dockerfile=spec.source.dockerfile)}


def _app(spec: AppSpec, facts: Facts) -> Service:
    return Service(
        **_source(spec),
        command=" ".join(spec.command),
        depends_on={
            "secrets": Dependency(condition="service_completed_successfully"),
            "db": Dependency(condition="service_healthy"),
        },
        environment=environment(spec, facts),
        env_file=(EnvFile(path=".env"),),
        ports=(f"${{ADDRESS:-127.0.0.1}}:${{PORT:-{spec.port}}}:{spec.port}",),
        networks=("default", "database"),
        volumes=(f"secrets:{FOLDER}:ro",),
        tmpfs=("/tmp",),  # noqa: S108 - in the container
        healthcheck=app_check(spec, spec.ready_path),
        stop_grace_period=f"{spec.shutdown_seconds}s",
        restart="unless-stopped",
        deploy=limited(spec.memory_mb),
    )


def _database(spec: AppSpec, facts: Facts) -> Service:
    # By TCP: the server that the image starts to set itself up listens on its socket alone, and is not the real one.
    ready = ("CMD", "pg_isready", "-h", "127.0.0.1", "-U", spec.dbname, "-d", spec.dbname)
    return Service(
        image=facts.text("database_image"),
        depends_on={"secrets": Dependency(condition="service_completed_successfully")},
        user=facts.text("database_user"),
        group_add=(facts.text("app_group"),),
        environment={
            "POSTGRES_USER": spec.dbname,
            "POSTGRES_DB": spec.dbname,
            "POSTGRES_PASSWORD_FILE": f"{CREDENTIALS}/{PASSWORD}",
        },
        networks=("database",),
        volumes=(f"database:{facts.text('database_folder')}", f"secrets:{CREDENTIALS}:ro"),
        read_only=None,  # Docker and Podman make the socket's folder writable in ways that exclude each other
        shm_size="128mb",
        healthcheck=Healthcheck(test=ready, interval="5s", timeout="5s", retries=5, start_period="60s"),
        stop_grace_period="1m",
        restart="unless-stopped",
        deploy=limited(facts.integer("database_memory_mb")),
    )


def _secrets(spec: AppSpec, facts: Facts) -> Service:
    return Service(
        **_source(spec),
        command=("sh", "-c", _escaped(script(spec, facts))),
        network_mode="none",
        volumes=(f"secrets:{FOLDER}",),
        restart="no",
        deploy=limited(64),
    )


def script(spec: AppSpec, facts: Facts) -> str:
    """Return the shell script that makes what is not there yet; what is there stays as it is."""
    made = recipe(facts.table("secret_recipe"))
    names = [name.lower() for name in _generated(spec, facts)]
    values = {"folder": FOLDER, "names": names, "dbname": spec.dbname, "recipe": made.expression, "length": made.length}
    return render(Path(__file__).with_name("secrets.sh.j2"), **values)


def _generated(spec: AppSpec, facts: Facts) -> list[str]:
    """Return the variables that are made up. One that people type is left out: the app's log has it, as a link."""
    made = recipe(facts.table("secret_recipe"))
    names = []
    for variable in spec.variables:
        if isinstance(variable.origin, Generated) and not variable.origin.typed:
            if reason := unfit(variable.origin, made):
                raise ValueError(f"{made.expression} does not serve {variable.name}: {reason}")
            names.append(variable.name)
    return names


def environment(spec: AppSpec, facts: Facts) -> dict[str, str]:
    """Return the app's variables; what a person may set besides comes from the file ``.env``."""
    # PORT in .env is the one on the machine; in here it stays what the manifest publishes.
    found = {"APP_PLATFORM": "compose", "PORT": str(spec.port)}
    for variable in spec.variables:
        match variable.origin:
            case FromDatabase(part="url"):
                found[f"{variable.name}_FILE"] = f"{FOLDER}/database_url"
            case FromDatabase(part=part):
                raise ValueError(f"{variable.name}: the one-shot service writes the whole URL, not its {part}")
            case Generated(typed=False):
                found[f"{variable.name}_FILE"] = f"{FOLDER}/{variable.name.lower()}"
            case PublicHost():
                found["APP_URL"] = "${APP_URL:-}"
            case Constant(value=value):
                found[variable.name] = _escaped(value)
            case Generated() | Prompt():
                pass
    return found


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return compose.yaml and the install page."""
    facts = load_facts(__file__)
    made = project(spec, facts)
    text = yaml(_commented(made.model_dump(exclude_none=True), spec), header=NOTICE)
    template = Path(__file__).with_name("install.md.j2")
    return {
        PATH: _readable(text, _escaped(script(spec, facts))),
        "platforms/compose/README.md": page(template, spec, facts, label="Docker Compose", given=_given(spec)),
    }


def _given(spec: AppSpec) -> dict[str, str]:
    given = {"APP_PLATFORM": "the manifest", "PORT": "the manifest; in `.env` it is the port on the machine"}
    for variable in spec.variables:
        match variable.origin:
            case FromDatabase() | Generated(typed=False):
                given[variable.name] = f"a file that the service `secrets` made, through `{variable.name}_FILE`"
            case PublicHost():
                given["APP_URL"] = "`.env`; without it the site is at `http://localhost` alone"
            case Constant():
                given[variable.name] = "the manifest"
            case _:
                pass
    return given


def _readable(text: str, lines: str) -> str:
    """Write a script of several lines as a block, not as one quoted line."""
    return text.replace(f"      - {json.dumps(lines)}\n", "      - |\n" + textwrap.indent(lines, " " * 8))


def _escaped(text: str) -> str:
    """Return the text as it must stand in a Compose file, which puts variables in at each ``$``."""
    return text.replace("$", "$$")


def _commented(data: dict[str, Any], spec: AppSpec) -> dict[str, Any]:
    services = data["services"]
    app, database, secrets = services["app"], services["db"], services["secrets"]
    if isinstance(spec.source, Build):
        words = "This repository; or any other address of it, as <repository>.git#<branch>."
        app["build"]["context"] = Noted(app["build"]["context"], words)
    words = "On this machine alone: a proxy on it adds TLS. Another ADDRESS opens it to the network, unencrypted."
    app["ports"] = Noted(app["ports"], words)
    database["user"] = Noted(database["user"], "postgres, from the start: its entry point needs no root then.")
    database["group_add"] = Noted(database["group_add"], "That of the app, to whom the password's file belongs.")
    database["networks"] = Noted(database["networks"], "No port is published; this network has no way out.")
    words = "Runs once at each start, makes what is not there yet, and keeps what is."
    services["secrets"] = Noted(secrets, words)
    return data
