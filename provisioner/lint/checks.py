"""What is unsafe, or fails at the click, on any platform: checks of the view."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .commands import fixed_port, loopback, migrates
from .marks import Mark, mark
from .secrets import clear_secret, framework, misshapen, secrets_in, verification_off
from .versions import ended
from .view import Env, Service, View

FLOATING = frozenset(
    {
        *("latest", "main", "master", "head", "trunk", "dev", "develop", "nightly", "snapshot", "edge", "canary"),
        *("alpha", "beta", "rc", "next", "preview", "unstable", "staging", "prod", "production", "release", "current"),
        *("stable", "lts", "slim", "alpine"),
    }
)
HOSTS = ("ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS", "ALLOWED_HOST", "HOSTS")


def check(view: View, platform: str) -> list[Mark]:
    """Return what is wrong with the manifest as a whole."""
    found: list[Mark] = []
    for service in view.services:
        found += _service(service, platform)
    for env in view.envs:
        found += _env(env, platform)
    for database in view.databases:
        if database.open_to is not None:
            found.append(mark("database-open", database.open_to, platform, name=database.name))
    return found


def _service(service: Service, platform: str) -> Iterator[Mark]:
    for env in service.envs:
        yield from _env(env, platform)
    for image in service.images:
        if is_floating(image.value):
            yield mark("image-floating", image.at, platform)
        yield from ended(image, platform)
    for command in service.build_commands:
        if migrates(command.value):
            yield mark("migrate-early" if service.database_at_build else "migrate-at-build", command.at, platform)
    for command in (*service.build_commands, *service.other_commands, *service.commands):
        yield from _off(command.value, command.at, platform)
    for command in (*service.other_commands, *service.commands):
        for name in secrets_in(command.value):
            yield mark("secret-in-clear", command.at, platform, name=name)
    for command in service.commands:
        if service.public and loopback(command.value):
            yield mark("bind-loopback", command.at, platform)
        port = fixed_port(command.value)
        if (
            service.public
            and service.port_is_given
            and not service.port_is_set
            and port not in (0, service.default_port)
        ):
            yield mark("port-found" if service.finds_port else "port-fixed", command.at, platform)
    if service.public and service.probes and service.health is None:
        yield mark("health-missing", service.at, platform, name=service.name)
    if service.health is not None:
        yield from _host_check(service, platform)


def _env(env: Env, platform: str) -> Iterator[Mark]:
    if env.origin == "generated":
        if env.recipe is not None and (reason := misshapen(env.name, env.recipe)):
            yield mark("secret-shape", env.at, platform, name=env.name, reason=reason)
        elif env.recipe is not None and (reason := framework(env.name, env.recipe, env.runtime)):
            yield mark("secret-framework", env.at, platform, name=env.name, reason=reason)
        return
    if env.value is None:
        return
    if env.origin == "literal" and clear_secret(env.name, env.value):
        yield mark("secret-in-clear", env.at, platform, name=env.name)
    yield from _off(f"{env.name}={env.value}", env.at, platform)


def _off(text: str, at: tuple[str | int, ...], platform: str) -> Iterator[Mark]:
    if what := verification_off(text):
        yield mark("tls-off", at, platform, what=what)


def _host_check(service: Service, platform: str) -> Iterator[Mark]:
    """A list of allowed hosts that leaves out the prober's own Host header answers it with 400."""
    for env in service.envs:
        if env.name not in HOSTS or env.origin != "literal" or not env.value or "$" in env.value:
            continue
        hosts = {host.strip() for host in env.value.replace(";", ",").replace(" ", ",").split(",")}
        if "*" in hosts:
            continue
        for prober in service.prober_hosts:
            if not any(prober == host or (host.startswith(".") and prober.endswith(host)) for host in hosts):
                yield mark("host-check", env.at, platform, name=env.name, prober=prober)


def is_floating(reference: str) -> bool:
    """Tell whether what an image is called says nothing of what it is: no tag, or one that moves, and no digest."""
    if "@sha256:" in reference or "$" in reference or "{" in reference:
        return False
    last = reference.strip().rsplit("/", 1)[-1]
    if not last:
        return False
    tag = last.partition(":")[2].lower()
    first = re.split(r"[-_.]", tag)[0]
    # A number behind a name is a date or a commit; behind "latest" it says what the latest is made for.
    return not tag or first == "latest" or (first in FLOATING and not any(character.isdigit() for character in tag))


def one_each(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks without repetitions, in order of place."""
    seen: dict[tuple[str, tuple[str | int, ...], str], Mark] = {}
    for item in marks:
        seen.setdefault((item.finding.kind, item.at, item.finding.message), item)
    return list(seen.values())
