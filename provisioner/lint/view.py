"""What a manifest says, in no platform's words: services, their variables, databases. The shared checks read this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from provisioner.recipes import Recipe

from .document import Path


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the manifest and where it stands."""

    value: str
    at: Path


@dataclass(frozen=True, slots=True)
class Env:
    """One variable. `value` is what is written, references not resolved; None where there is nothing literal.

    `origin` says where the value comes from: written out, made up by the platform, taken from one of its
    resources, or asked of a person. `recipe` is what the platform's generator emits.
    """

    name: str
    at: Path
    value: str | None = None
    origin: Literal["literal", "generated", "reference", "prompt"] = "literal"
    recipe: Recipe | None = None
    runtime: str = ""  # the language of the service, where the manifest names it


@dataclass(frozen=True, slots=True)
class Service:
    """One process that runs. `public` ones get requests from the internet.

    `other_commands` run beside the one that serves: before a release, or after it. `health` is the path asked by the
    platform's prober; `probes` tells whether the platform has such a setting at all. `port_is_given` tells that the
    platform says the port in PORT, and `port_is_set` that the manifest itself fixes it, so that a number in a command
    is right; `default_port` is what PORT is by default, and `finds_port` tells that the platform looks for another one
    by itself. `prober_hosts` are the Host headers of the prober, where those are known.
    """

    name: str
    at: Path
    public: bool = True
    images: tuple[Text, ...] = ()
    commands: tuple[Text, ...] = ()
    build_commands: tuple[Text, ...] = ()
    other_commands: tuple[Text, ...] = ()
    envs: tuple[Env, ...] = ()
    health: Text | None = None
    probes: bool = True
    port_is_given: bool = True
    port_is_set: bool = False
    default_port: int = 0
    finds_port: bool = False
    prober_hosts: tuple[str, ...] = ()
    database_at_build: bool = False


@dataclass(frozen=True, slots=True)
class Database:
    """A managed database; `open_to` is where a source range that lets the whole internet in stands."""

    name: str
    at: Path
    open_to: Path | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One manifest."""

    services: tuple[Service, ...] = ()
    databases: tuple[Database, ...] = ()
    envs: tuple[Env, ...] = ()  # of no single service: shared groups
