"""Backups that no Mathesar wrote: values, manifests and bytes of a real one exchanged, the checksums made to fit.

Run as a program it restores one after the other, in one process, into the internal database of its environment, and
fails on the first that ends in anything but success or a finding: `python -m tests.crafted_backup BACKUP FIRST COUNT`.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import math
import os
import random
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from mathesar.life import archive
from mathesar.life.manifest import Manifest
from provisioner.secret import Secret

VALUES: tuple[Any, ...] = (
    10**30, -(10**30), 2**63, -1, 0, 1.5, 1e300, math.inf, math.nan, True, None, "", "x" * 70_000, "\ud800", "\x00",
    "1e400", "9" * 5000, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00", [], [[]], {},
    {"\ud800": math.nan}, "\x1b[2J", "v1.00.x", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip


def crafted(real: bytes, number: int, root: Secret) -> bytes:
    """Return the backup of this number, made of a real one; what is no mere change of bytes is signed by `root`."""
    chance = random.Random(number)
    if number % 4 == 0:
        altered = bytearray(real)
        for _ in range(chance.randint(1, 3)):
            altered[chance.randrange(len(altered))] ^= 1 << chance.randrange(8)
        return bytes(altered)
    with zipfile.ZipFile(io.BytesIO(real)) as old:
        manifest = Manifest.model_validate_json(old.read(archive.MANIFEST))
        rows = {table.model: [json.loads(line) for line in old.read(table.member).splitlines()]
                for table in manifest.tables}  # fmt: skip
    if number % 4 == 1:
        manifest = _other_manifest(manifest, chance)
    else:
        which, column = chance.choice(
            [(row, column) for model in rows for row in rows[model][:2] for column in range(len(row))]
        )
        which[column] = chance.choice(VALUES)
    return _packed(manifest, rows, root)


def _packed(manifest: Manifest, rows: dict[str, list[list[Any]]], root: Secret) -> bytes:
    """Return the backup of these rows; lone surrogates, which our own writer refuses, are written as JSON has them."""
    texts = {table.member: "".join(json.dumps(row) + "\n" for row in rows[table.model]).encode()
             for table in manifest.tables}  # fmt: skip
    tables = tuple(
        table.model_copy(
            update={"rows": len(rows[table.model]), "sha256": hashlib.sha256(texts[table.member]).hexdigest()}
        )
        for table in manifest.tables
    )
    text = manifest.model_copy(update={"tables": tables}).model_dump_json().encode()
    signature = hmac.digest(archive.signing_key(root), text, "sha256").hex()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**texts, archive.MANIFEST: text, archive.SIGNATURE: signature.encode()}.items():
            packed.writestr(name, content)
    return out.getvalue()


def _other_manifest(manifest: Manifest, chance: random.Random) -> Manifest:
    """Return a manifest of its form that says something else."""
    text = chance.choice([value for value in VALUES if isinstance(value, str) and "\ud800" not in value])
    kept = [each for each in manifest.migrations if chance.random() < 0.8]
    columns = tuple(chance.sample(manifest.tables[0].columns, len(manifest.tables[0].columns)))
    turned = manifest.tables[0].model_copy(update={"columns": columns})
    return manifest.model_copy(
        update=chance.choice(
            [
                {"migrations": tuple(kept)},
                {"migrations": (*manifest.migrations, (text, text))},
                {"boot": manifest.boot.model_copy(update={"wrapped_key": text})},
                {"boot": manifest.boot.model_copy(update={"canary": text})},
                {"tables": manifest.tables[1:]},
                {"tables": (turned, *manifest.tables[1:])},
                {"key_id": "0" * 16},
                {"made_at": text[:40]},
            ]
        )
    )


def main() -> None:
    """Restore them; print how many were taken and refused."""
    from mathesar.life.restore import restore

    real, first, count = Path(sys.argv[1]).read_bytes(), int(sys.argv[2]), int(sys.argv[3])
    environ = dict(os.environ)
    ended = [0, 0]
    with tempfile.NamedTemporaryFile() as file:
        for number in range(first, first + count):
            file.seek(0)
            file.truncate()
            file.write(crafted(real, number, Secret(environ["SECRET_KEY"])))
            file.flush()
            os.environ.update(environ)  # a command takes its secrets out
            try:
                restore(file.name, replace=True, unsigned=number % 2 == 1, interactive=False)
                ended[0] += 1
            except SystemExit as refused:
                if refused.code != 1:
                    raise
                ended[1] += 1
            except BaseException:
                print(f"crafted backup {number}", file=sys.stderr)
                raise
    print(json.dumps(ended))


if __name__ == "__main__":
    main()
