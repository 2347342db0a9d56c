"""From a platform's environment to one validated plan, or to everything that is wrong with it.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.dsn import DatabaseUrl, parse_database_url
    from provisioner.entries import DatabaseEntry, parse_databases
    from provisioner.findings import Finding, InvalidEnvironment, ProvisionerError, UnknownPlatform
    from provisioner.planning import Plan, plan
    from provisioner.secret import Secret

__all__ = [
    "DatabaseEntry",
    "DatabaseUrl",
    "Finding",
    "InvalidEnvironment",
    "Plan",
    "ProvisionerError",
    "Secret",
    "UnknownPlatform",
    "parse_database_url",
    "parse_databases",
    "plan",
]

_HOMES = {
    "DatabaseEntry": "entries",
    "DatabaseUrl": "dsn",
    "Finding": "findings",
    "InvalidEnvironment": "findings",
    "Plan": "planning",
    "ProvisionerError": "findings",
    "Secret": "secret",
    "UnknownPlatform": "findings",
    "parse_database_url": "dsn",
    "parse_databases": "entries",
    "plan": "planning",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
