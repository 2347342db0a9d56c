"""Who may claim a new install, and what happens when its key is another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .environment import Environment
from .findings import Finding, finding
from .platform import Contract
from .secret import Secret

SHORTEST_CODE = 12  # characters; failures are throttled besides


@dataclass(frozen=True, slots=True)
class Admin:
    """The first superuser as the environment names it; the password is judged when it is created."""

    username: str
    email: str
    password: Secret


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the environment says about claiming the install, about a changed key and about private hosts."""

    setup_code: Secret | None
    admin: Admin | None
    on_key_mismatch: Literal["serve", "refuse"]
    block_private_hosts: bool
    findings: tuple[Finding, ...]


def read_first_run(env: Environment, contract: Contract | None) -> FirstRun:
    """Read these variables; never raises, and no finding quotes a code or a password."""
    platform = contract.name if contract else None
    found: list[Finding] = []
    code = env.text("MATHESAR_SETUP_CODE")
    if code is not None and len(code) < SHORTEST_CODE:
        found.append(finding("setup-code-weak", "MATHESAR_SETUP_CODE", platform=platform, shortest=str(SHORTEST_CODE)))
    behaviour = (env.text("MATHESAR_ON_KEY_MISMATCH") or "serve").lower()
    if behaviour not in ("serve", "refuse"):
        found.append(finding("range", "MATHESAR_ON_KEY_MISMATCH", platform=platform, expected="serve or refuse"))
    return FirstRun(
        Secret(code) if code else None,
        _admin(env, platform, found),
        "refuse" if behaviour == "refuse" else "serve",
        env.boolean("MATHESAR_BLOCK_PRIVATE_HOSTS") or False,
        tuple(found),
    )


def _admin(env: Environment, platform: str | None, found: list[Finding]) -> Admin | None:
    username = env.text("MATHESAR_ADMIN_USERNAME")
    email = env.text("MATHESAR_ADMIN_EMAIL")
    password = env.text("MATHESAR_ADMIN_PASSWORD")
    if username and password:
        return Admin(username, email or "", Secret(password))
    given = {"MATHESAR_ADMIN_USERNAME": username, "MATHESAR_ADMIN_EMAIL": email, "MATHESAR_ADMIN_PASSWORD": password}
    if any(given.values()):
        for name in ("MATHESAR_ADMIN_USERNAME", "MATHESAR_ADMIN_PASSWORD"):
            if not given[name] and not any(item.variable.removesuffix("_FILE") == name for item in env.findings):
                found.append(finding("admin-incomplete", name, platform=platform))
    return None
