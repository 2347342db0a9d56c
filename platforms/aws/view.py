"""A CloudFormation template in no platform's words. What a function computes is not looked into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from provisioner.lint.document import Path
from provisioner.lint.view import Database, Env, Service, Text, View
from provisioner.recipes import Recipe

PORTS = (5432, 3306)
WEB = 443  # a range that holds this as well is not about a database
PROBER = "the task's own address"
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def resources(data: dict[str, Any], *kinds: str) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield name, path and properties of each resource of these types."""
    found = data.get("Resources")
    for name, item in found.items() if isinstance(found, dict) else ():
        if isinstance(item, dict) and item.get("Type") in kinds and isinstance(item.get("Properties"), dict):
            yield str(name), ("Resources", name, "Properties"), item["Properties"]


def containers(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the containers of every task."""
    for _, at, task in resources(data, "AWS::ECS::TaskDefinition"):
        yield from _tables(task.get("ContainerDefinitions"), (*at, "ContainerDefinitions"))


def view(data: dict[str, Any]) -> View:
    """Return what the template says; whatever has another shape than expected is left out."""
    probed = any(True for _ in resources(data, "AWS::ElasticLoadBalancingV2::TargetGroup"))
    services = tuple(_service(container, at, data, probed) for at, container in containers(data))
    return View(services, tuple(_databases(data)), tuple(_secrets(data)))


def _service(container: dict[str, Any], at: Path, data: dict[str, Any], probed: bool) -> Service:
    picture = container.get("Image")
    commands = []
    for field in ("EntryPoint", "Command"):
        words = container.get(field)
        if isinstance(words, list):
            commands.append(Text(" ".join(word for word in words if isinstance(word, str)), (*at, field)))
    return Service(
        name=str(container.get("Name", "The container")),
        at=at,
        images=(Text(picture, (*at, "Image")),) if isinstance(picture, str) else (),
        commands=tuple(commands),
        envs=(*_environment(container, at), *_injected(container, at, data)),
        health=Text("/", at) if probed else None,
        probes=False,  # a target group has a health check, said or not
        port_is_given=False,
        prober_hosts=(PROBER,) if probed else (),
    )


def _environment(container: dict[str, Any], at: Path) -> Iterator[Env]:
    for here, env in _tables(container.get("Environment"), (*at, "Environment")):
        name, value = env.get("Name"), env.get("Value")
        if isinstance(name, str) and isinstance(value, str | int | float):
            yield Env(name, (*here, "Value"), str(value))


def _injected(container: dict[str, Any], at: Path, data: dict[str, Any]) -> Iterator[Env]:
    made = {name: _recipe(secret) for name, _, secret in resources(data, "AWS::SecretsManager::Secret")}
    for here, env in _tables(container.get("Secrets"), (*at, "Secrets")):
        name, source = env.get("Name"), env.get("ValueFrom")
        if isinstance(name, str):
            named = source.get("Ref") if isinstance(source, dict) else None
            recipe = made.get(named) if isinstance(named, str) else None
            origin = "generated" if recipe else "reference"
            yield Env(name, here, origin=origin, recipe=recipe)  # type: ignore[arg-type]


def _recipe(secret: dict[str, Any]) -> Recipe | None:
    """Return what is generated as a whole secret; punctuation is left out of the count, so the bits are the least."""
    generate = secret.get("GenerateSecretString")
    if not isinstance(generate, dict) or "GenerateStringKey" in generate:
        return None
    length = generate.get("PasswordLength", 32)
    known = isinstance(length, int) and not isinstance(length, bool) and length > 0
    return Recipe("GenerateSecretString", "alphanumeric", length) if known else None


def _secrets(data: dict[str, Any]) -> Iterator[Env]:
    """Yield what is written where a secret belongs: passwords of databases, secrets, defaults of parameters."""
    for _, at, item in resources(data, "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"):
        if isinstance(item.get("MasterUserPassword"), str):
            yield Env("MasterUserPassword", (*at, "MasterUserPassword"), item["MasterUserPassword"])
    for _, at, item in resources(data, "AWS::SecretsManager::Secret"):
        if isinstance(item.get("SecretString"), str) and not item["SecretString"].lstrip().startswith("{"):
            yield Env("SECRET", (*at, "SecretString"), item["SecretString"])
    parameters = data.get("Parameters")
    for name, item in parameters.items() if isinstance(parameters, dict) else ():
        default = item.get("Default") if isinstance(item, dict) else None
        if isinstance(default, str):
            yield Env(_WORDS.sub("_", str(name)).upper(), ("Parameters", name, "Default"), default)


def _databases(data: dict[str, Any]) -> Iterator[Database]:
    used: set[str] = set()
    for name, at, item in resources(data, "AWS::RDS::DBInstance"):
        used |= set(_named(item.get("VPCSecurityGroups")))
        public = item.get("PubliclyAccessible")
        is_open = public is True or (isinstance(public, str) and public.lower() == "true")
        yield Database(name, at, open_to=(*at, "PubliclyAccessible") if is_open else None)
    for name, at, item in resources(data, "AWS::EC2::SecurityGroup"):
        for here, rule in _tables(item.get("SecurityGroupIngress"), (*at, "SecurityGroupIngress")):
            if _lets_all_in(rule, is_databases=name in used):
                yield Database(name, at, open_to=here)
    for name, at, rule in resources(data, "AWS::EC2::SecurityGroupIngress"):
        if _lets_all_in(rule, is_databases=not used.isdisjoint(_named(rule.get("GroupId")))):
            yield Database(name, at, open_to=at)


def _lets_all_in(rule: dict[str, Any], *, is_databases: bool) -> bool:
    if rule.get("CidrIp") != "0.0.0.0/0" and rule.get("CidrIpv6") != "::/0":
        return False
    if str(rule.get("IpProtocol")) == "-1":
        return is_databases
    try:
        first, last = int(rule.get("FromPort", "")), int(rule.get("ToPort", ""))
    except (TypeError, ValueError, OverflowError):
        return False
    return any(first <= port <= last for port in PORTS) and (is_databases or not first <= WEB <= last)


def _named(value: Any) -> Iterator[str]:
    """Yield the names of resources that a value refers to."""
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict):
        name = value.get("Ref")
        attribute = value.get("Fn::GetAtt")
        if isinstance(attribute, list) and attribute:
            name = attribute[0]
        elif isinstance(attribute, str):
            name = attribute.partition(".")[0]
        if isinstance(name, str):
            yield name


def _tables(value: Any, at: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield place and content of each table of a list; one alone may stand without the list."""
    if isinstance(value, dict):
        yield at, value
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield (*at, index), item
