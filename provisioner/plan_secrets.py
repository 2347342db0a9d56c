"""SECRET_KEY and the earlier keys that may still open things."""

from __future__ import annotations

from dataclasses import dataclass

from .environment import Environment
from .findings import Finding, finding
from .platform import Contract
from .secret import Secret
from .secret_key import weakness


@dataclass(frozen=True, slots=True)
class Secrets:
    """`missing` is true only where nothing at all was given: a weak key is not a missing one."""

    key: Secret | None
    fallbacks: tuple[Secret, ...]
    missing: bool
    findings: tuple[Finding, ...]


def read_secrets(env: Environment, contract: Contract | None) -> Secrets:
    """Read both variables; never raises, and no finding quotes a key."""
    platform = contract.name if contract else None
    found: list[Finding] = []
    key = env.text("SECRET_KEY")
    listed = (env.text("SECRET_KEY_FALLBACKS") or "").split(",")
    fallbacks = [part.strip() for part in listed if part.strip()]
    given = [("SECRET_KEY", key)] if key else []
    for variable, value in [*given, *(("SECRET_KEY_FALLBACKS", part) for part in fallbacks)]:
        if reason := weakness(value):
            found.append(finding("secret-weak", variable, platform=platform, reason=reason))
    refused = any(item.variable.removesuffix("_FILE") == "SECRET_KEY" for item in env.findings)
    return Secrets(
        key=Secret(key) if key else None,
        fallbacks=tuple(map(Secret, fallbacks)),
        missing=key is None and not refused,
        findings=tuple(dict.fromkeys(found)),
    )
