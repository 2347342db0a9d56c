"""What an app needs from any platform, said once and in no platform's words."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

NAME = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){1,26}[a-z0-9]")
_IMAGE = re.compile(
    r"(?:(?P<registry>[a-z0-9.-]+\.[a-z0-9.-]+(?::\d+)?|localhost(?::\d+)?)/)?"
    r"(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?P<tag>[\w][\w.-]{0,127}))?@(?P<digest>sha256:[0-9a-f]{64})"
)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Generated(_Value):
    """A secret that the platform makes up: of at least `bits` bits and `shortest` characters.

    ``typed`` is one that people copy from the dashboard into a page.
    """

    kind: Literal["generated"] = "generated"
    bits: int = 256
    shortest: int = 32
    typed: bool = False


class FromDatabase(_Value):
    """A part of the managed database's address."""

    kind: Literal["database"] = "database"
    part: Literal["url", "host", "port", "user", "password", "name"] = "url"

    def of(self, *, user: str, password: str, host: str, name: str) -> str:
        """Return the part of a database that the manifest itself makes, where it has to be spelled out."""
        parts = {"host": host, "port": "5432", "user": user, "password": password, "name": name}
        return parts[self.part] if self.part != "url" else f"postgresql://{user}:{password}@{host}:5432/{name}"


class PublicHost(_Value):
    """The host name under which people reach the app, where the platform does not say it by itself."""

    kind: Literal["host"] = "host"


class Prompt(_Value):
    """What only a person can know; left out where a platform cannot ask for an optional value."""

    kind: Literal["prompt"] = "prompt"
    required: bool = False


class Constant(_Value):
    """The same everywhere."""

    kind: Literal["constant"] = "constant"
    value: str


Origin: TypeAlias = Annotated[
    Generated | FromDatabase | PublicHost | Prompt | Constant,
    Field(discriminator="kind"),
]


class Variable(_Value):
    """One environment variable: where its value comes from, and why the app wants it (one sentence)."""

    name: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    origin: Origin
    why: str = Field(pattern=r"^[A-Z`].*\.$", max_length=160)


class Build(_Value):
    """The image is built by the platform, from the repository."""

    kind: Literal["build"] = "build"
    dockerfile: str = "Dockerfile"


class Image(_Value):
    """A published image, pinned by digest: ``ghcr.io/owner/app@sha256:…``, with or without a tag before it."""

    kind: Literal["image"] = "image"
    reference: str

    @property
    def parts(self) -> re.Match[str]:
        """Return the reference's registry, repository, tag and digest as named groups."""
        found = _IMAGE.fullmatch(self.reference)
        assert found is not None  # noqa: S101 - checked when the model is made
        return found


def _pinned(image: Image) -> Image:
    if _IMAGE.fullmatch(image.reference) is None:
        raise ValueError("an image is named as registry/repository@sha256:<64 hex digits>, so that it never changes")
    return image


def _usable(name: str) -> str:
    if NAME.fullmatch(name) is None:
        raise ValueError(
            "a name has 3 to 28 lower-case letters, digits and single hyphens, and begins with a letter: "
            "what every platform takes, with room for -db behind it"
        )
    return name


Source: TypeAlias = Annotated[Build | Annotated[Image, AfterValidator(_pinned)], Field(discriminator="kind")]


class AppSpec(_Value):
    """One app. Times in seconds, memory in MiB; commands are lists of arguments.

    ``live_path`` answers as long as the process serves, ``ready_path`` once its internal database does too.
    """

    name: Annotated[str, AfterValidator(_usable)]
    title: str
    tagline: str = Field(max_length=100)
    repository: str = Field(pattern=r"^https://[\w.-]+/[\w.-]+/[\w.-]+$")
    branch: str = "main"
    website: str
    source: Source = Build()
    command: tuple[str, ...]
    release: tuple[str, ...]
    live_path: str
    ready_path: str
    port: int
    variables: tuple[Variable, ...]
    postgres_oldest: int
    memory_mb: int
    boot_seconds: int
    shutdown_seconds: int
    instances: int = 1

    @property
    def database(self) -> str:
        """The managed database's name as a resource."""
        return f"{self.name}-db"

    @property
    def dbname(self) -> str:
        """The database's name inside PostgreSQL, which has no hyphens there."""
        return self.name.replace("-", "_")

    @property
    def slug(self) -> str:
        """``owner/repository``."""
        return "/".join(self.repository.rsplit("/", 2)[1:])

    def variable(self, name: str) -> Variable:
        """Return the variable called `name`; KeyError where there is none."""
        return {each.name: each for each in self.variables}[name]
