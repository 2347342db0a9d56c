"""What ``CloudronManifest.json`` may hold: as cloudron-manifestformat has it, and the reference for newer fields."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from provisioner.lint.grammar import Grammar, Open

_SEMVER = re.compile(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_PART = re.compile(r"[a-z0-9][-a-z0-9_]*")
_URI = re.compile(r"(?:https?://)?[^\s/]+\.[^\s/]+(?:/\S*)?")
_SIZE = re.compile(r"[-+]?\d+(?:\.\d+)? *[kmgt]b", re.IGNORECASE)


def _semver(text: str) -> str:
    if _SEMVER.fullmatch(text) is None:
        raise ValueError("it must be a semantic version, as 1.0.0")
    return text


def _reverse_domain(text: str) -> str:
    parts = text.split(".")
    if len(parts) == 1 or not all(_PART.fullmatch(part) for part in parts):
        raise ValueError("it must be a reverse domain of lower-case letters, digits, - and _, as com.example.app")
    return text


def _uri(text: str) -> str:
    if _URI.fullmatch(text) is None:
        raise ValueError("it must be a web address")
    return text


def _size(value: int | str) -> int | str:
    if isinstance(value, str) and _SIZE.fullmatch(value) is None:
        raise ValueError("it must be a number of bytes, or as 512MB")
    return value


def _image(text: str) -> str:
    if "//" in text:
        raise ValueError("it must be an image's name, without https://")
    return text


Version = Annotated[str, AfterValidator(_semver)]
Uri = Annotated[str, AfterValidator(_uri)]
Words = Annotated[str, Field(min_length=5)]
Path = Annotated[str, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class HttpPort(Open):
    title: str
    description: str
    containerPort: Port
    defaultValue: str | None = None


class SocketPort(Open):
    title: str
    description: str
    containerPort: Port | None = None
    defaultValue: Port | None = None
    portCount: Annotated[int, Field(ge=1, le=1000)] | None = None
    readOnly: bool | None = None


class Item(Open):
    message: str
    sso: bool | None = None


class Manifest(Grammar):
    addons: dict[str, dict[str, Any]] | None = None
    aliasableDomain: bool | None = None
    author: Annotated[str, Field(min_length=2)] | None = None
    backupCommand: str | None = None
    capabilities: list[str] | None = None
    changelog: Words | None = None
    checklist: dict[str, Item] | None = None
    configurePath: Path | None = None
    contactEmail: Annotated[str, Field(pattern=r"^\S+@\S+\.\S+$")] | None = None
    description: Words | None = None
    dockerImage: Annotated[str, Field(min_length=1), AfterValidator(_image)] | None = None
    documentationUrl: Uri | None = None
    forumUrl: Uri | None = None
    healthCheckPath: Path | None = None
    httpPort: Annotated[int, Field(ge=0, le=65535)]
    httpPorts: dict[str, HttpPort] | None = None
    icon: str | None = None
    iconUrl: str | None = None
    id: Annotated[str, AfterValidator(_reverse_domain)] | None = None
    logPaths: list[Path] | None = None
    manifestVersion: Annotated[int, Field(ge=1, le=2)]
    maxBoxVersion: Version | None = None
    mediaLinks: list[Uri] | None = None
    memoryLimit: Annotated[int | str, AfterValidator(_size)] | None = None
    minBoxVersion: Version | None = None
    multiDomain: bool | None = None
    optionalSso: bool | None = None
    packagerName: str | None = None
    packagerUrl: str | None = None
    persistentDirs: list[Path] | None = None
    postInstallMessage: Words | None = None
    restoreCommand: str | None = None
    runtimeDirs: list[Path] | None = None
    tagline: Words | None = None
    tags: list[str] | None = None
    targetBoxVersion: Version | None = None
    tcpPorts: dict[str, SocketPort] | None = None
    title: Annotated[str, Field(min_length=2)] | None = None
    udpPorts: dict[str, SocketPort] | None = None
    upstreamVersion: Path | None = None
    version: Version
    website: Uri | None = None
