"""Stored credentials: encrypted under a key of their own, bound to this install and to their row.

A copy of another row's text, a text of another install, a changed bit: none of them opens. The key is derived from
SECRET_KEY with a salt and a label of its own; texts that an earlier key sealed are read with SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import hmac
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from mathesar import current
from mathesar.connections.credentials import Credentials
from mathesar.connections.errors import ConnectionProblem
from mathesar.sealing import key_id, seal, unseal
from provisioner.findings import finding

if TYPE_CHECKING:
    from mathesar.connections.models import Database

PURPOSE = "connections"


class Locked(ConnectionProblem):
    """The credentials of a row cannot be read with any key that is here."""

    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(finding("connection-locked", "SECRET_KEY", name=name))


def seal_for(row_id: UUID, credentials: Credentials) -> dict[str, str]:
    """Return the columns `key_id`, `sealed` and `fingerprint` of a row."""
    key = current.derived_key(PURPOSE, _install().bytes)
    return {
        "key_id": key_id(key),
        "sealed": seal(key, _bound_to(row_id), credentials.dump()),
        "fingerprint": fingerprints(credentials)[0],
    }


def open_row(row: Database) -> Credentials:
    """Return the credentials of a row that a person added.

    Raises:
        Locked: no key opens them, or they were altered.
    """
    for key in _keys():
        if key_id(key) != row.key_id:
            continue
        text = unseal(key, _bound_to(row.pk), row.sealed)
        if text is not None:
            return Credentials.load(text)
    raise Locked(row.name)


def current_key_id() -> str:
    """Return the public name of the key that seals now."""
    return key_id(current.derived_key(PURPOSE, _install().bytes))


def fingerprints(credentials: Credentials) -> list[str]:
    """Return the keyed hash of where the credentials lead and as whom: under the present key, then earlier ones."""
    keys = [current.derived_key("fingerprint"), *current.derived_fallbacks("fingerprint")]
    return [hmac.digest(key, credentials.target().encode(), "sha256").hex() for key in keys]


def _keys() -> list[bytes]:
    salt = _install().bytes
    return [current.derived_key(PURPOSE, salt), *current.derived_fallbacks(PURPOSE, salt)]


def _bound_to(row_id: UUID) -> str:
    return f"{PURPOSE}|{_install()}|{row_id}"


@cache
def _install() -> UUID:
    """Return this install's id, which never changes."""
    from mathesar.setup.models import Installation

    found: UUID = Installation.objects.values_list("install_id", flat=True).get()
    return found
