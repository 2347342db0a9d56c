"""The plan and the root key of this process; everything else asks here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from mathesar import configured
from mathesar.sealing import derive
from provisioner.secret import Secret

if TYPE_CHECKING:
    from provisioner.planning import Plan

RUN_ID = secrets.token_bytes(16)  # made before the server forks, so that all workers of one run share it


class _Current:
    plan: Plan | None = None
    root_key: Secret = Secret("")
    fallbacks: tuple[Secret, ...] = ()
    key_state: str = "ok"


def set_plan(plan: Plan, root_key: Secret, fallbacks: tuple[Secret, ...] = ()) -> None:
    """Give this process its plan and its root key; call it before settings are read."""
    _Current.plan = plan
    _Current.root_key = root_key
    _Current.fallbacks = fallbacks


def get_plan() -> Plan:
    """Return the plan of this process; read what is configured when nobody has set one.

    The latter is a bare management command (`collectstatic` in an image build, `check`): without SECRET_KEY
    it gets a key for this process alone, and touches neither a file nor a database.

    Raises:
        provisioner.InvalidEnvironment: the environment has faults that stop the start.
    """
    if _Current.plan is None:
        plan = configured.read().plan()
        set_plan(plan, plan.secret_key or Secret(secrets.token_urlsafe(48)), plan.secret_key_fallbacks)
        return plan
    return _Current.plan


def set_key_state(state: str) -> None:
    """Note how the root key fits what the internal database holds: ok, rotation-pending or mismatch."""
    _Current.key_state = state


def get_key_state() -> str:
    """Return how the root key fits what the internal database holds: ok, rotation-pending or mismatch."""
    return _Current.key_state


def data_dir() -> Path:
    """Return the folder of SQLite, the key file and the embedded PostgreSQL; unused on a platform."""
    plan = get_plan()
    if plan.data_dir:
        return Path(plan.data_dir)
    from mathesar.embedded.data_dir import default_data_dir

    return Path(default_data_dir(os.environ))


def derived_key(purpose: str, salt: bytes | None = None) -> bytes:
    """Return 32 bytes for one purpose: HKDF-SHA256 of the root key, which is used for nothing else."""
    get_plan()
    return _derive(_Current.root_key, purpose, salt)


def derived_fallbacks(purpose: str, salt: bytes | None = None) -> list[bytes]:
    """Return the same for each older root key, newest first; for reading what they wrote only."""
    get_plan()
    return [_derive(key, purpose, salt) for key in _Current.fallbacks]


def _derive(root: Secret, purpose: str, salt: bytes | None) -> bytes:
    return derive(root.get_secret_value(), purpose, salt)
