"""The root keys inside a backup, under a passphrase: only where MATHESAR_BACKUP_PASSPHRASE asks for it.

Without one a backup holds no key: who has the file alone cannot open the stored connections. With one the backup is
complete, and as safe as the passphrase.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import MutableMapping, Sequence

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mathesar.boot.messages import failure
from mathesar.life.manifest import WrappedKey
from mathesar.sealing import derive, seal, unseal
from provisioner.secret import Secret

VARIABLE = "MATHESAR_BACKUP_PASSPHRASE"
PURPOSE = "backup-key"
LEAST = 16  # characters
SALT_BYTES = 16
# 32 MiB and a tenth of a second: what a small instance has (RFC 7914, section 2, on the costs)
N, R, P = 32768, 8, 1


def take(environ: MutableMapping[str, str] | None = None) -> Secret | None:
    """Take the passphrase out of the environment; None where there is none."""
    text = (os.environ if environ is None else environ).pop(VARIABLE, "").strip()
    return Secret(text) if text else None


def wrap(roots: Sequence[Secret], phrase: Secret) -> WrappedKey:
    """Seal the root keys: the one that writes, and earlier ones under which something may still be.

    Raises:
        BootError: the passphrase is too short.
    """
    if len(phrase.get_secret_value()) < LEAST:
        raise failure("backup-passphrase-short", VARIABLE, least=str(LEAST))
    salt = secrets.token_bytes(SALT_BYTES)
    text = json.dumps([root.get_secret_value() for root in roots])
    return WrappedKey(salt=salt.hex(), n=N, r=R, p=P, sealed=seal(_key(phrase, salt), PURPOSE, text))


def unwrap(wrapped: WrappedKey, phrase: Secret) -> tuple[Secret, ...]:
    """Return the root keys, in the order in which they were given.

    Raises:
        BootError: the passphrase is another.
    """
    text = unseal(_key(phrase, bytes.fromhex(wrapped.salt)), PURPOSE, wrapped.sealed)
    if text is None:
        raise failure("backup-passphrase-wrong", VARIABLE)
    return tuple(Secret(each) for each in json.loads(text))


def _key(phrase: Secret, salt: bytes) -> bytes:
    material = Scrypt(salt=salt, length=32, n=N, r=R, p=P).derive(phrase.get_secret_value().encode())
    return derive(material.hex(), PURPOSE)
