"""What Compose files of more than one platform are made of: strict, and only what we write of a far larger grammar."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from .spec import AppSpec


class Part(BaseModel):
    """A part of a Compose file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BuildSource(Part):
    """https://github.com/compose-spec/compose-spec/blob/main/build.md: a context may be a repository."""

    context: str
    dockerfile: str


class Dependency(Part):
    """What another service must have come to before this one starts."""

    condition: Literal["service_healthy", "service_completed_successfully"] = "service_healthy"


class Healthcheck(Part):
    """The command is run inside the container; the times are written with their unit, as ``10s``."""

    test: tuple[str, ...]
    interval: str
    timeout: str
    retries: int
    start_period: str


class Limits(Part):
    """The most that a container may use, as ``512M``."""

    memory: str


class Resources(Part):
    """One of compose-spec's ``deploy`` parts."""

    limits: Limits


class Deploy(Part):
    """https://github.com/compose-spec/compose-spec/blob/main/deploy.md"""

    resources: Resources


def limited(megabytes: int) -> Deploy:
    """Return the limit of a container's memory, in MiB."""
    return Deploy(resources=Resources(limits=Limits(memory=f"{megabytes}M")))


def app_check(spec: AppSpec, path: str) -> Healthcheck:
    """Return the app's check: `path` has to answer 200. In Python, as the image has neither curl nor wget."""
    probe = (
        f"import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', {spec.port}, timeout=4); "
        f"c.request('GET', '{path}'); sys.exit(c.getresponse().status != 200)"
    )
    return Healthcheck(
        test=("CMD", "python", "-c", probe),
        interval="10s",
        timeout="5s",
        retries=3,
        start_period=f"{spec.boot_seconds}s",
    )
