"""Plans for tests, made by the planner itself from small environments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import provisioner
from provisioner.findings import Finding
from provisioner.planning import Plan

KEY = "c01e67a61446fa20b385836ced2dc52f30bae742fb6ad6bba1b23f2b9b451e4b"


def local_plan(databases: Mapping[str, str] | None = None, *, internal: str | None = None, **changes: Any) -> Plan:
    """Return a plan of an own machine with these databases (name → URL); `changes` replace its fields."""
    environ = {"SECRET_KEY": KEY, "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"}
    if internal:
        environ["MATHESAR_INTERNAL_DATABASE_URL"] = internal
    if databases:
        environ["MATHESAR_DATABASES"] = ",".join(f"({name}|{url})" for name, url in databases.items())
    return replace(provisioner.plan(environ), **changes)


def error_about(variable: str, code: str = "MP999") -> Finding:
    """Return an error finding about a variable."""
    return Finding(
        code=code, kind="no-host", severity="error", variable=variable, message="It names no host.",
        hint="Write the host name after the @.", entry="entry 2 'two'",
    )  # fmt: skip
