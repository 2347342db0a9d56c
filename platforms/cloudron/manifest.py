"""``CloudronManifest.json`` and what it names; the image of the app runs on Cloudron as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from provisioner.facts import Facts, load_facts
from provisioner.install_page import page
from provisioner.layout import json_text, render
from provisioner.manifests import NOTICE
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

FOLDER = "platforms/cloudron"
MEBIBYTE = 1024 * 1024
DATABASE_URL = "CLOUDRON_POSTGRESQL_URL"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Model):
    """An addon without options."""


class Addons(_Model):
    """https://docs.cloudron.io/packaging/addons; no localstorage, as the app keeps nothing on a disk."""

    postgresql: Option = Option()


class Manifest(_Model):
    """https://docs.cloudron.io/packaging/manifest"""

    id: str = Field(pattern=r"^[a-z0-9][-a-z0-9_]*(\.[a-z0-9][-a-z0-9_]*)+$")
    title: str
    author: str
    description: str
    tagline: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    changelog: str
    website: str
    documentationUrl: str
    contactEmail: str
    icon: str
    mediaLinks: tuple[str, ...]
    tags: tuple[str, ...]
    healthCheckPath: str = Field(pattern="^/")
    httpPort: int
    addons: Addons = Addons()
    memoryLimit: int
    multiDomain: Literal[True] = True
    configurePath: str = Field(pattern="^/")
    postInstallMessage: str
    minBoxVersion: str
    manifestVersion: Literal[2] = 2


def manifest(spec: AppSpec, facts: Facts) -> Manifest:
    """Return the manifest. Raises ValueError where the app needs a variable that Cloudron cannot give."""
    for variable in spec.variables:
        _given(variable)
    return Manifest(
        id=_id(spec),
        title=spec.title,
        author=spec.slug.split("/")[0],
        description="file://DESCRIPTION.md",
        tagline=spec.tagline.removesuffix("."),
        version=facts.text("package_version"),
        changelog="* The first package.",
        website=spec.website,
        documentationUrl=spec.repository,
        contactEmail=facts.text("contact_email"),
        icon="file://../assets/logo-256.png",
        mediaLinks=(
            f"https://raw.githubusercontent.com/{spec.slug}/{spec.branch}/platforms/assets/screenshots/table-wide.png",
        ),
        tags=("database", "postgresql", "spreadsheet"),
        healthCheckPath=spec.live_path,
        httpPort=facts.integer("default_port"),
        memoryLimit=facts.integer("memory_mb") * MEBIBYTE,
        configurePath="/people",
        postInstallMessage=(
            "Every page leads to the setup page, which asks for a code. The log of the app has it in a link; with it "
            "you make the first superuser."
        ),
        minBoxVersion=facts.text("min_box_version"),
    )


def _id(spec: AppSpec) -> str:
    """Return the repository's owner and the install's name as a reverse domain, so that forks are apps of their own."""
    host = str(urlsplit(spec.repository).hostname).split(".")
    parts = (*reversed(host), spec.slug.split("/")[0].lower(), spec.name)
    return ".".join(re.sub(r"[^-a-z0-9_]", "-", part) for part in parts)


def _given(variable: Variable) -> str:
    """Say where a variable's value comes from; the manifest itself sets none."""
    match variable.origin:
        case FromDatabase(part="url"):
            return "not set: the addon says it in `CLOUDRON_POSTGRESQL_URL`"
        case Generated(typed=True):
            return "not set: the log has a code"
        case Generated():
            return "not set: made at the first start, and kept wrapped in the database"
        case PublicHost():
            return "not set: Cloudron says it in `CLOUDRON_APP_DOMAIN` and `CLOUDRON_ALIAS_DOMAINS`"
        case Prompt(required=False):
            return "not set: for you, by `cloudron env set`"
        case FromDatabase() | Prompt() | Constant():
            raise ValueError(f"a Cloudron manifest sets no variables, and {variable.name} has to come from it")


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return the manifest, its description, the Dockerfile and the install page."""
    facts = load_facts(__file__)
    here = Path(__file__)
    made = manifest(spec, facts)
    given = {variable.name: _given(variable) for variable in spec.variables}
    install = page(here.with_name("install.md.j2"), spec, facts, label="Cloudron", given=given)
    return {
        f"{FOLDER}/CloudronManifest.json": json_text(made.model_dump()),
        f"{FOLDER}/DESCRIPTION.md": render(here.with_name("description.md.j2"), notice=NOTICE, spec=spec),
        f"{FOLDER}/Dockerfile": dockerfile(spec),
        f"{FOLDER}/README.md": install,
    }


def dockerfile(spec: AppSpec) -> str:
    """Return what makes Cloudron's image of the app's: nothing is added, as it needs no more than it has."""
    if isinstance(spec.source, Image):
        return f"# {NOTICE}\nFROM {spec.source.reference}\n"
    lines = (
        f"# {NOTICE}",
        f"# No image is published yet: give the one that you built from {spec.repository},",
        "# with --build-arg IMAGE=REGISTRY/NAME@sha256:…; there is no default.",
        "ARG IMAGE",
        "FROM ${IMAGE}",
    )
    return "\n".join(lines) + "\n"
