"""railway.json and railway.toml → ``.railway/railway.py``, as ``railway config migrate`` does, with nothing lost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioner.layout import render
from provisioner.lint.document import read, written

SHORT = {  # what service() of the SDK calls these
    "startCommand": "start",
    "preDeployCommand": "preDeploy",
    "healthcheckPath": "healthcheck",
    "healthcheckTimeout": "healthcheckTimeout",
}
NUMBERS = (
    "healthcheckTimeout", "numReplicas", "restartPolicyMaxRetries", "overlapSeconds", "drainingSeconds",
    "preDeployTimeoutSeconds",
)  # fmt: skip
BUILD = frozenset({
    "builder", "buildCommand", "dockerfilePath", "watchPatterns", "railpackVersion", "nixpacksConfigPath",
    "nixpacksPlan", "nixpacksVersion", "buildEnvironment",
})  # fmt: skip
DEPLOY = frozenset({
    *SHORT, *NUMBERS, "multiRegionConfig", "region", "restartPolicyType", "cronSchedule", "sleepApplication",
    "requiredMountPath", "limitOverride", "runtime", "useLegacyStacker",
})  # fmt: skip
VARIABLES = ("env", "envVars", "variables")  # Railway passed over these; their names are worth keeping
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WIDE = 100


@dataclass(frozen=True, slots=True)
class Migrated:
    """The program's text, and what of the old file it does not say, as paths (``deploy.region``)."""

    text: str
    left_out: tuple[str, ...]


def migrate(
    path: str, text: str, *, service: str = "web", project: str = "", variables: Iterable[str] = ()
) -> Migrated:
    """Return what takes the place of the railway.json or railway.toml at `path`.

    `service` is the service's name at Railway, exactly; `project` that of its project (by default the same).
    `variables` are the names of those that the service has there: a plan proposes to delete what is not named.
    Raises provisioner.lint.document.Unreadable.
    """
    data = read(path, text).data
    data = data if isinstance(data, dict) else {}
    left: list[str] = []
    base = _part(data, (), left)
    named = dict.fromkeys([*variables, *_names(data)])
    left += [key for key in data if key not in ("$schema", "build", "deploy", "environments", *VARIABLES)]
    environments = data.get("environments")
    overrides: dict[str, str] = {}
    for name, part in environments.items() if isinstance(environments, dict) else ():
        merged = _merged(base, _part(part if isinstance(part, dict) else {}, ("environments", name), left))
        overrides[literal(name)] = _dictionary(_settings(merged), 1)
    made = render(
        Path(__file__).with_name("migrated.py.j2"),
        service=literal(service),
        project=literal(project or service),
        settings={key: literal(value, 2) for key, value in _settings(base).items()},
        base=_dictionary(_settings(base), 0),
        overrides=overrides,
        variables=[literal(name) for name in named],
        left_out=[ascii(place)[1:-1] for place in left],
    )
    return Migrated(made, tuple(left))


def _names(data: Mapping[str, Any]) -> list[str]:
    tables = (data[key] for key in VARIABLES if isinstance(data.get(key), dict))
    return [name for table in tables for name in table if _VARIABLE.fullmatch(name)]


def _part(data: Mapping[str, Any], at: tuple[str, ...], left: list[str]) -> dict[str, dict[str, Any]]:
    """Return the known settings under ``build`` and ``deploy``, nulls included; the rest goes to `left`."""
    found: dict[str, dict[str, Any]] = {}
    for section, known in (("build", BUILD), ("deploy", DEPLOY)):
        values = data.get(section)
        found[section] = {}
        for key, value in values.items() if isinstance(values, dict) else ():
            if key in known and writable(value):
                found[section][key] = _value(key, value)
            else:
                left.append(written((*at, section, key)))
    return found


def _value(key: str, value: Any) -> Any:
    if key in NUMBERS and isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:9])
    return value.upper() if key in ("builder", "restartPolicyType") and isinstance(value, str) else value


def _merged(base: dict[str, dict[str, Any]], over: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {section: base[section] | over[section] for section in base}


def _settings(part: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the arguments of the SDK's service(), which has words of its own for the usual ones."""
    build = {key: value for key, value in part["build"].items() if value is not None}
    deploy = {key: value for key, value in part["deploy"].items() if value is not None}
    found: dict[str, Any] = {}
    if list(build) == ["buildCommand"] and isinstance(build["buildCommand"], str):
        found["build"] = build["buildCommand"]
    elif build:
        found["build"] = build
    for key, short in SHORT.items():
        if key in deploy:
            found[short] = deploy.pop(key)
    replicas = _replicas(deploy)
    if replicas is not None:
        found["replicas"] = replicas
    if deploy:
        found["deploy"] = deploy
    return found


def _replicas(deploy: dict[str, Any]) -> Any:
    """Return the number of replicas, or their number in each region; what has another shape stays in `deploy`."""
    regions, count = deploy.get("multiRegionConfig"), deploy.get("numReplicas")
    number = count if isinstance(count, int) and not isinstance(count, bool) else None
    if isinstance(regions, dict) and all(value is None or isinstance(value, dict) for value in regions.values()):
        found = {name: value.get("numReplicas") for name, value in regions.items() if value is not None}
        if found and all(isinstance(each, int) and not isinstance(each, bool) for each in found.values()):
            for key in ("multiRegionConfig", "numReplicas", "region"):
                deploy.pop(key, None)
            return found
        return None
    if number is not None and "multiRegionConfig" not in deploy:
        deploy.pop("numReplicas")
        region = deploy.pop("region") if isinstance(deploy.get("region"), str) else None
        return {region: number} if region is not None else number
    if isinstance(deploy.get("region"), str) and "multiRegionConfig" not in deploy and count is None:
        return {deploy.pop("region"): 1}
    return None


def writable(value: Any) -> bool:
    """Tell whether Python has a literal for the value; TOML's dates and infinities have none."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and writable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(writable(item) for item in value)
    return value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def literal(value: Any, depth: int = 0) -> str:
    """Return the value as Python source, in double quotes where possible; long ones go over several lines."""
    if isinstance(value, str):
        plain = value.isprintable() and "\\" not in value and '"' not in value
        return f'"{value}"' if plain else repr(value)
    if not isinstance(value, dict | list) or not value:
        return repr(value)
    opened, closed = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if isinstance(value, dict):
        items = [f"{literal(key)}: {literal(item, depth + 1)}" for key, item in value.items()]
    else:
        items = [literal(item, depth + 1) for item in value]
    short = f"{opened}{', '.join(items)}{closed}"
    if len(short) + 4 * depth <= _WIDE and "\n" not in short:
        return short
    inner, outer = "    " * (depth + 1), "    " * depth
    return "\n".join([opened, *(f"{inner}{item}," for item in items), f"{outer}{closed}"])


def _dictionary(values: Mapping[str, Any], depth: int) -> str:
    inner, outer = "    " * (depth + 1), "    " * depth
    lines = [f'{inner}"{key}": {literal(value, depth + 1)},' for key, value in values.items()]
    return "\n".join(["{", *lines, f"{outer}}}"]) if lines else "{}"
