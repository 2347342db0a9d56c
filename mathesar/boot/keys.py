"""The root key of this process: from the environment, a key file, or wrapped in the internal database.

The wrapped key is random, made once inside the start-up lock, and sealed under a key derived from the internal
database's own password, so that a dump of the database alone does not open it. The canary is a constant sealed
under the root key: it tells at start whether the database was written with this key.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mathesar.boot import key_file
from mathesar.boot.store import BootRow
from mathesar.sealing import derive, seal, unseal
from provisioner.planning import Plan
from provisioner.secret import Secret

KeyState = Literal["ok", "rotation-pending", "mismatch"]
WRAPPING = "wrapped-key"
CANARY = "canary"
CONSTANT = "mathesar"
SALT_BYTES = 16


@dataclass(frozen=True)
class KeyRing:
    """The key that writes, and older ones that may still read. `lost`: the wrapped key does not open any more.

    `outgrown`: a wrapped key is there, opens, and SECRET_KEY has taken its place.
    """

    current: Secret
    fallbacks: tuple[Secret, ...] = ()
    lost: bool = False
    outgrown: bool = False

    def state(self, row: BootRow) -> KeyState:
        """Tell how this ring fits what the database holds; `ok` where nothing was written yet."""
        if self.lost:
            return "mismatch"
        if row.canary is None or _opens(self.current, row.canary):
            return "ok"
        return "rotation-pending" if any(_opens(key, row.canary) for key in self.fallbacks) else "mismatch"

    def new_canary(self) -> str:
        """Return the constant, sealed under the current key."""
        return seal(derive(self.current.get_secret_value(), CANARY), CANARY, CONSTANT)


def resolve(plan: Plan, row: Callable[[], BootRow]) -> KeyRing | None:
    """Return the keys of this process, or None where one must be made inside the start-up lock.

    Without an environment key, a database key that no longer opens (its password was rotated) leaves the ring
    `lost`: the app serves with a key derived from the password, the same in every replica, and the wrapped key
    stays as it is. `row` is only called where the database matters.

    Raises:
        BootError: the key file cannot be used.
    """
    if plan.secret_key is not None:
        wrapped = _unwrap(plan, row())
        older = (wrapped,) if wrapped else ()
        return KeyRing(plan.secret_key, plan.secret_key_fallbacks + older, outgrown=wrapped is not None)
    if plan.secret_key_source != "database":  # noqa: S105 - a place, not a password
        return KeyRing(key_file.read_or_make(Path(str(plan.data_dir))), plan.secret_key_fallbacks)
    found = row()
    if found.wrapped_key is None:
        return None
    wrapped = _unwrap(plan, found)
    if wrapped is not None:
        return KeyRing(wrapped, plan.secret_key_fallbacks)
    stand_in = derive(_password(plan), "stand-in-key").hex()
    return KeyRing(Secret(stand_in), plan.secret_key_fallbacks, lost=True)


def make_wrapped(plan: Plan) -> tuple[KeyRing, str]:
    """Return a new random key and its wrapped form; call it only while holding the start-up lock."""
    root = secrets.token_urlsafe(key_file.BYTES)
    salt = secrets.token_bytes(SALT_BYTES)
    sealed = seal(derive(_password(plan), WRAPPING, salt), WRAPPING, root)
    return KeyRing(Secret(root), plan.secret_key_fallbacks), f"{salt.hex()}:{sealed}"


def _unwrap(plan: Plan, row: BootRow) -> Secret | None:
    if row.wrapped_key is None or plan.internal is None:
        return None
    salt, _, sealed = row.wrapped_key.partition(":")
    try:
        root = unseal(derive(_password(plan), WRAPPING, bytes.fromhex(salt)), WRAPPING, sealed)
    except ValueError:
        return None
    return None if root is None else Secret(root)


def _password(plan: Plan) -> str:
    assert plan.internal is not None  # noqa: S101 - the plan promises an internal database on a platform
    return plan.internal.url.password.get_secret_value()


def _opens(key: Secret, canary: str) -> bool:
    return unseal(derive(key.get_secret_value(), CANARY), CANARY, canary) == CONSTANT
