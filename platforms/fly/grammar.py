"""Everything that ``fly.toml`` may hold, for the linter.

https://fly.io/docs/reference/configuration/ and, for what it leaves out, flyctl's ``internal/appconfig``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from provisioner.lint.grammar import Grammar, Open

_DURATION = re.compile(r"\d+|(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_MEMORY = re.compile(r"(?i)\d+\s*(?:kb|mb|gb|kib|mib|gib|k|m|g|b)?")
_VARIABLE = re.compile(r"(?!FLY_).+")


def _duration(text: str | int | float) -> str | int | float:
    if isinstance(text, str) and not _DURATION.fullmatch(text.strip()):
        raise ValueError('a time is a number with its unit, as "10s" or "1m30s"')
    return text


def _memory(text: str | int) -> str | int:
    if isinstance(text, str) and not _MEMORY.fullmatch(text.strip()):
        raise ValueError('memory is a number with its unit, as "512mb" or "1gb"')
    return text


def _own_name(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError("no variable may begin with FLY_: those are Fly.io's own")
    return name


Duration = Annotated[str | int | float, AfterValidator(_duration)]
Memory = Annotated[str | int, AfterValidator(_memory)]
Name = Annotated[str, AfterValidator(_own_name)]
Port = Annotated[int, Field(ge=1, le=65535)]
Command = str | list[str]


class Build(Grammar):
    builder: str | None = None
    buildpacks: list[str] | None = None
    builtin: str | None = None
    settings: dict[str, Any] | None = None
    args: dict[str, Any] | None = None
    image: str | None = None
    dockerfile: str | None = None
    ignorefile: str | None = None
    build_target: Annotated[str | None, Field(alias="build-target")] = None
    compression: str | None = None
    compression_level: int | None = None
    compose: Open | None = None


class Vm(Open):
    """Sizes are looked at by the linter: new ones come."""

    size: str | None = None
    memory: Memory | None = None
    memory_mb: int | None = None
    cpus: int | None = None
    cpu_kind: Literal["shared", "performance"] | None = None
    gpus: int | None = None
    gpu_kind: str | None = None
    kernel_args: Command | None = None
    processes: list[str] | None = None


class Deploy(Grammar):
    strategy: Literal["canary", "rolling", "bluegreen", "immediate"] | None = None
    max_unavailable: int | float | None = None
    wait_timeout: Duration | None = None
    release_command: str | None = None
    release_command_timeout: Duration | None = None
    release_command_vm: Vm | None = None
    seed_command: str | None = None


class TcpCheck(Grammar):
    grace_period: Duration | None = None
    interval: Duration | None = None
    timeout: Duration | None = None
    restart_limit: int | None = None


class HttpCheck(TcpCheck):
    method: str | None = None
    path: str | None = None
    protocol: Literal["http", "https"] | None = None
    tls_skip_verify: bool | None = None
    tls_server_name: str | None = None
    headers: dict[str, Any] | list[Any] | None = None


class TopCheck(HttpCheck):
    """A check of the Machine, which decides about the deploy and not about routing."""

    name: str | None = None
    type: Literal["http", "tcp"] | None = None
    port: Port | None = None
    processes: list[str] | None = None


class MachineCheck(Grammar):
    image: str | None = None
    command: Command | None = None
    entrypoint: Command | None = None
    kill_signal: str | None = None
    kill_timeout: Duration | None = None


class Concurrency(Grammar):
    type: Literal["connections", "requests"] | None = None
    hard_limit: int | None = None
    soft_limit: int | None = None


class _Service(Grammar):
    internal_port: Port | None = None
    processes: list[str] | None = None
    auto_stop_machines: Literal["off", "stop", "suspend"] | None = None
    auto_start_machines: bool | None = None
    min_machines_running: int | None = None
    machine_checks: list[MachineCheck] | None = None


class HttpService(_Service):
    force_https: bool | None = None
    concurrency: Concurrency | None = None
    http_options: Open | None = None
    tls_options: Open | None = None
    checks: list[HttpCheck] | None = None
    http_checks: list[HttpCheck] | None = None
    tcp_checks: list[TcpCheck] | None = None


class ServicePort(Grammar):
    port: Port | None = None
    start_port: Port | None = None
    end_port: Port | None = None
    handlers: list[Literal["http", "tls", "proxy_proto", "pg_tls", "edge_http"]] | None = None
    force_https: bool | None = None
    http_options: Open | None = None
    tls_options: Open | None = None
    proxy_proto_options: Open | None = None


class Service(_Service):
    protocol: Literal["tcp", "udp"] | None = None
    concurrency: Concurrency | str | None = None
    ports: list[ServicePort] | None = None
    tcp_checks: list[TcpCheck] | None = None
    http_checks: list[HttpCheck] | None = None
    script_checks: list[Any] | None = None


class Mount(Grammar):
    source: str | None = None
    destination: str
    processes: list[str] | None = None
    initial_size: str | int | None = None
    snapshot_retention: int | None = None
    scheduled_snapshots: bool | None = None
    auto_extend_size_threshold: int | None = None
    auto_extend_size_increment: str | None = None
    auto_extend_size_limit: str | None = None
    encrypted: bool | None = None


class Static(Grammar):
    guest_path: str
    url_prefix: str
    tigris_bucket: str | None = None
    index_document: str | None = None


class File(Grammar):
    guest_path: str
    local_path: str | None = None
    secret_name: str | None = None
    raw_value: str | None = None
    processes: list[str] | None = None


class Metrics(Grammar):
    port: Port | None = None
    path: str | None = None
    https: bool | None = None
    processes: list[str] | None = None


class Restart(Grammar):
    policy: Literal["always", "never", "on-failure"] | None = None
    retries: int | None = None
    processes: list[str] | None = None


class Config(Grammar):
    app: str | None = None
    primary_region: str | None = None
    kill_signal: (
        Literal["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL", "SIGSTOP", "SIGHUP"] | None
    ) = None
    kill_timeout: Duration | None = None
    swap_size_mb: int | None = None
    console_command: str | None = None
    host_dedication_id: str | None = None
    experimental: Open | None = None
    build: Build | None = None
    deploy: Deploy | None = None
    env: dict[Name, str] | None = None
    processes: dict[str, str] | None = None
    http_service: HttpService | None = None
    services: list[Service] | None = None
    checks: dict[str, TopCheck] | None = None
    http_checks: list[Any] | None = None
    machine_config: str | None = None
    container: str | None = None
    machine_checks: list[MachineCheck] | None = None
    mount: list[Mount] | None = None
    mounts: list[Mount] | None = None
    files: list[File] | None = None
    restart: list[Restart] | None = None
    statics: list[Static] | None = None
    metrics: list[Metrics] | None = None
    vm: list[Vm] | None = None
