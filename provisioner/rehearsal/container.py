"""The image in place of the installed package, as a container of podman or docker on this machine's own network."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

ENGINES = ("podman", "docker")
BUILT = ("localhost/mathesar:lean", "mathesar:lean")  # what `make images` names it
TRY_SECONDS = 60
# What the engine itself needs from this machine; the app gets none of it.
KEPT = ("PATH", "HOME", "XDG_RUNTIME_DIR", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "DOCKER_HOST", "DOCKER_CONFIG")


@dataclass(frozen=True, slots=True)
class Image:
    """An image that runs here; `engine` is the program that runs it."""

    engine: str
    name: str

    def run(
        self, label: str, names: Iterable[str], hosts: Mapping[str, str], memory_mb: int, command: Sequence[str]
    ) -> list[str]:
        """Return the command line; the values of the variables `names` come from the engine's environment.

        An empty `command` is the image's own.
        """
        envs = [part for name in names for part in ("--env", name)]
        known = [part for name, address in hosts.items() for part in ("--add-host", f"{name}:{address}")]
        return [
            self.engine, "run", "--rm", "--name", label, "--network", "host", "--memory", f"{memory_mb}m",
            "--cap-drop", "ALL", "--security-opt", "no-new-privileges", *known, *envs, self.name, *command,
        ]  # fmt: skip

    def removal(self, label: str) -> list[str]:
        """Return the command that ends and removes the container, also one that is not there."""
        return [self.engine, "rm", "--force", "--volumes", label]

    def made(self) -> datetime:
        """Return when it was built."""
        command = [self.engine, "image", "inspect", "--format", "{{json .Created}}", self.name]
        text = subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings()).stdout
        return datetime.fromisoformat(text.strip().strip('"')[:19]).replace(tzinfo=timezone.utc)

    def revision(self) -> str | None:
        """Return the commit that it was built from; None where it does not say."""
        label = '{{index .Config.Labels "org.opencontainers.image.revision"}}'
        command = [self.engine, "image", "inspect", "--format", label, self.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings())
        return done.stdout.strip() or None if done.returncode == 0 else None

    def pid(self, label: str) -> int | None:
        """Return the number of the container's first process; None where there is none (yet)."""
        command = [self.engine, "inspect", "--format", "{{.State.Pid}}", label]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings())
        return int(done.stdout) if done.returncode == 0 and done.stdout.strip().isdigit() and int(done.stdout) else None


def surroundings() -> dict[str, str]:
    """Return the environment that the engine runs in."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


@functools.cache
def runnable(name: str) -> tuple[Image | None, str]:
    """Return the image of this name if an engine has it and can run it here, else None and why not."""
    engines = [engine for engine in ENGINES if shutil.which(engine) is not None]
    holders = [engine for engine in engines if _quiet([engine, "image", "inspect", name]) is None]
    reason = f"{' and '.join(engines)} have no image {name}" if engines else "neither podman nor docker is installed"
    for engine in holders:
        options = ["--rm", "--network", "host", "--memory", "64m", "--entrypoint", "true"]
        refused = _quiet([engine, "run", *options, name])
        if refused is None:
            return Image(engine, name), ""
        reason = f"{engine} cannot run {name} here: {refused}"
    return None, reason


def built(code: Path) -> tuple[Image | None, str]:
    """Return our own image where `make images` has built it from this `code` and it runs here, else None and why not.

    An image that is older than a file of the code would rehearse what nobody deploys.
    """
    if sys.platform != "linux":
        return None, "containers run in a machine of their own here, where the edge does not reach them"
    reasons = []
    for name in BUILT:
        image, reason = runnable(name)
        if image is not None and image.revision() != _commit(code) and image.made() < _newest(code):
            return None, f"{name} is older than the code; `make images` builds it anew"
        if image is not None:
            return image, ""
        reasons.append(reason)
    return None, next((reason for reason in reasons if "cannot run" in reason), "it has not been built here")


def _commit(code: Path) -> str:
    """Return the commit of a clone without changes, else nothing: an image's own time is that of its commit."""
    changed = _git(code, "status", "--porcelain")
    return _git(code, "rev-parse", "HEAD") if changed == "" else ""


def _git(code: Path, *arguments: str) -> str:
    """Return what git answers in `code`; `?` where there is no clone or no git."""
    try:
        done = subprocess.run(["git", "-C", str(code), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return "?"
    return done.stdout.strip() if done.returncode == 0 else "?"


def _newest(code: Path) -> datetime:
    """Return when a file of the program was changed last."""
    rooms = [code / room for room in ("mathesar", "provisioner", "platforms")]
    files = [file for room in rooms for file in room.rglob("*") if file.suffix in (".py", ".html", ".toml", ".css")]
    stamps = [file.stat().st_mtime for file in [*files, code / "Dockerfile"] if file.is_file()]
    return datetime.fromtimestamp(max(stamps, default=0), timezone.utc)


def _quiet(command: Sequence[str]) -> str | None:
    """Run a command; return None where it succeeds, else the last line that it wrote."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=TRY_SECONDS, env=surroundings()
        )
    except (OSError, subprocess.SubprocessError) as problem:
        return type(problem).__name__
    lines = (done.stderr or done.stdout).strip().splitlines()
    return None if done.returncode == 0 else (lines[-1][:200] if lines else f"status {done.returncode}")
