"""AES-256-GCM with the id of the key beside the text: the form of the wrapped key and of the canary.

The text is `v1.<key id, 16 hex digits>.<base64 of nonce and ciphertext>`; purpose and key id are associated data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes


def derive(material: str, purpose: str, salt: bytes | None = None) -> bytes:
    """Return 32 bytes for one purpose, HKDF-SHA256 of random or secret material."""
    info = f"mathesar/v1/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(material.encode())


def key_id(key: bytes) -> str:
    """Return a key's public name: the first 8 bytes of SHA-256("kid" ‖ key), in hex."""
    return hashlib.sha256(b"kid" + key).hexdigest()[:16]


def seal(key: bytes, purpose: str, text: str) -> str:
    """Encrypt a text for one purpose."""
    kid = key_id(key)
    nonce = secrets.token_bytes(NONCE)
    body = AESGCM(key).encrypt(nonce, text.encode(), f"v1|{purpose}|{kid}".encode())
    return f"v1.{kid}.{base64.b64encode(nonce + body).decode()}"


def unseal(key: bytes, purpose: str, sealed: str) -> str | None:
    """Return the text, or None when this key did not seal it for this purpose or it was altered."""
    version, _, rest = sealed.partition(".")
    kid, _, encoded = rest.partition(".")
    if version != "v1" or not secrets.compare_digest(kid.encode(), key_id(key).encode()):
        return None
    try:
        blob = base64.b64decode(encoded, validate=True)
        if base64.b64encode(blob).decode() != encoded:  # the last character has bits that decoding ignores
            return None
        return AESGCM(key).decrypt(blob[:NONCE], blob[NONCE:], f"v1|{purpose}|{kid}".encode()).decode()
    except (binascii.Error, InvalidTag, ValueError):
        return None
