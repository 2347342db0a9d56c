"""The file of a backup: a ZIP of one JSON-lines member for each table, `manifest.json`, and `signature`.

The manifest holds each member's SHA-256, and the signature is the manifest's HMAC under a key derived from the
install's root key: whoever lacks that key cannot make or alter a backup that it vouches for. The manifest says which
key that is, and may lie: where nobody has a key of that name, nothing is vouched for, and restore wants to be told to
go on. All is written in one pass, so that a pipe will do, and read row by row.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from pydantic import ValidationError

from mathesar.boot.messages import BootError, failure
from mathesar.life.manifest import FORMAT, FORMAT_VERSION, Manifest, Table
from mathesar.sealing import derive, key_id
from provisioner.secret import Secret

PURPOSE = "backup"
MANIFEST, SIGNATURE = "manifest.json", "signature"
LONGEST_MANIFEST = 4 * 2**20  # bytes
LONGEST_ROW = 64 * 2**20  # bytes
METHOD = zipfile.ZIP_DEFLATED  # the others fail in ways of their own
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError, OSError, struct.error)


def damaged(reason: str) -> BootError:
    """Return the error for a file that is no whole backup, ready to raise."""
    return failure("backup-damaged", "FILE", reason=reason)


def signing_key(root: Secret) -> bytes:
    """Return the key that signs manifests; its `key_id` is the one that they name."""
    return derive(root.get_secret_value(), PURPOSE)


class Writer:
    """Writes one backup into a binary file that need not be seekable."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", METHOD)

    def table(self, model: str, columns: tuple[str, ...], rows: Iterable[list[Any]]) -> Table:
        """Write one table, row by row; return what the manifest says of it."""
        digest = hashlib.sha256()
        count = 0
        empty = Table(model=model, columns=columns, rows=0, sha256="0" * 64)
        with self._zip.open(_info(empty.member), "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        return empty.model_copy(update={"rows": count, "sha256": digest.hexdigest()})

    def finish(self, manifest: Manifest, root: Secret) -> None:
        """Write the manifest and its signature, and the archive's end."""
        text = manifest.model_dump_json(indent=1).encode()
        self._zip.writestr(_info(MANIFEST), text)
        self._zip.writestr(_info(SIGNATURE), hmac.digest(signing_key(root), text, "sha256").hex())
        self._zip.close()


@dataclass(frozen=True)
class Backup:
    """A backup that was looked through: each row is there and is what was written."""

    manifest: Manifest
    text: bytes
    signature: str
    archive: zipfile.ZipFile

    def signed_by(self, keys: Iterable[Secret]) -> bool | None:
        """Tell whether the signature is good; None, which vouches for nothing, where it names none of these keys."""
        for key in map(signing_key, keys):
            if key_id(key) == self.manifest.key_id:
                return hmac.compare_digest(hmac.digest(key, self.text, "sha256").hex(), self.signature)
        return None

    def rows(self, table: Table) -> Iterator[list[Any]]:
        """Give a table's rows, as long as its columns.

        Raises:
            BootError: the member is not what the manifest says, which is known after its last row.
        """
        digest = hashlib.sha256()
        count = 0
        try:
            with self.archive.open(table.member) as member:
                while line := member.readline(LONGEST_ROW):
                    digest.update(line)
                    count += 1
                    row = json.loads(line)
                    if not isinstance(row, list) or len(row) != len(table.columns) or count > table.rows:
                        raise damaged(f"table {table.model} has other rows than it says")
                    yield row
        except _BROKEN:
            raise damaged(f"table {table.model} cannot be read") from None
        if (count, digest.hexdigest()) != (table.rows, table.sha256):
            raise damaged(f"the checksum of table {table.model} is wrong")


def read(file: IO[bytes], version: str) -> Backup:
    """Read a backup and look through all of it; `version` is this Mathesar's, for the message.

    Raises:
        BootError: it is cut off, altered, something else, or of a newer format.
    """
    try:
        archive = zipfile.ZipFile(file)
        if any(info.compress_type != METHOD for info in archive.infolist()):
            raise damaged("it is packed in another way")
        text = _text(archive, MANIFEST)
        signature = _text(archive, SIGNATURE).decode("ascii")
        given = json.loads(text)
        if given.get("format") == FORMAT and given.get("format_version", 0) > FORMAT_VERSION:
            raise failure("backup-newer", "FILE", made=_shown(given.get("mathesar")), version=version)
        manifest = Manifest.model_validate_json(text)
    except ValidationError:  # its own text shows what was in the file
        raise damaged("its manifest.json is not one") from None
    except (*_BROKEN, TypeError, AttributeError):
        raise damaged("it was cut off, or is something else") from None
    expected = sorted([MANIFEST, SIGNATURE, *(table.member for table in manifest.tables)])
    if sorted(archive.namelist()) != expected:
        raise damaged("it has not the members that it says")
    found = Backup(manifest, text, signature, archive)
    for table in manifest.tables:
        for _ in found.rows(table):
            pass
    return found


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        found = member.read(LONGEST_MANIFEST + 1)
    if len(found) > LONGEST_MANIFEST:
        raise ValueError(name)
    return found


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # dated 1980: equal rows make equal members
    info.compress_type = METHOD
    info.external_attr = 0o600 << 16
    return info


def _shown(text: object) -> str:
    return "".join(each for each in str(text)[:40] if each.isascii() and (each.isalnum() or each in ".+-"))
