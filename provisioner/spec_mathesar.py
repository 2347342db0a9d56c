"""Mathesar's own needs: the one AppSpec that every committed manifest is generated from."""

from __future__ import annotations

from .spec import AppSpec, Build, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

REPOSITORY = "https://github.com/mathesar-foundation/mathesar-paas"

VARIABLES = (
    Variable(
        name="DATABASE_URL",
        origin=FromDatabase(),
        why="The internal tables, in a schema of their own, and the first database that people see.",
    ),
    Variable(
        name="SECRET_KEY",
        origin=Generated(bits=256, shortest=32),
        why="Signs sessions and encrypts the passwords of databases that people add.",
    ),
    Variable(
        name="MATHESAR_SETUP_CODE",
        origin=Generated(bits=64, shortest=12, typed=True),
        why="Whoever can read this code here may claim the new install; without it the log has one.",
    ),
    Variable(
        name="ALLOWED_HOSTS",
        origin=PublicHost(),
        why="The host names under which the site answers.",
    ),
    Variable(
        name="MATHESAR_DATABASES",
        origin=Prompt(),
        why="More databases to show, each as (name|url), separated by commas.",
    ),
)


def mathesar(*, name: str = "mathesar", image: str | None = None, repository: str = REPOSITORY) -> AppSpec:
    """Return the spec: built from `repository`, or from the published `image`; `name` is that of this install.

    Raises pydantic's ValidationError for a name that some platform would refuse, for an image without a digest
    and for a repository that is no https URL of owner and name.
    """
    return AppSpec(
        name=name,
        title="Mathesar",
        tagline="A spreadsheet-like window onto your PostgreSQL databases.",
        repository=repository.removesuffix("/").removesuffix(".git"),
        website="https://mathesar.org",
        source=Image(reference=image) if image else Build(),
        command=("mathesar", "start"),
        release=("mathesar", "release"),
        live_path="/livez",
        ready_path="/readyz",
        port=8000,
        variables=VARIABLES,
        postgres_oldest=13,
        memory_mb=512,
        boot_seconds=60,
        shutdown_seconds=30,
    )
