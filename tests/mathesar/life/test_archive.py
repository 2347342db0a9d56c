"""The file of a backup: what was cut off, altered or signed by somebody else is told from what is whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import zipfile
from typing import IO

import pytest

from mathesar.boot.messages import BootError
from mathesar.life import archive
from mathesar.life.manifest import Boot, Manifest
from provisioner.secret import Secret

ROOT, OTHER = Secret("a root key of the tests, 0123456789"), Secret("another root key of tests, 0123456789")
ROWS = [[1, "ada"], [2, 'gr"ace\n  é'], [3, None]]


def made(rows: list[list[object]] = ROWS) -> bytes:
    out = io.BytesIO()
    write(out, rows)
    return out.getvalue()


def write(out: IO[bytes], rows: list[list[object]]) -> None:
    writer = archive.Writer(out)
    tables = (writer.table("auth.user", ("id", "name"), iter(rows)), writer.table("auth.group", ("id",), iter([])))
    manifest = Manifest(
        mathesar="0.1.0", made_at="2026-11-21T12:00:00+00:00", engine="sqlite",
        key_id=archive.key_id(archive.signing_key(ROOT)), boot=Boot(canary="c"), migrations=(("auth", "0001"),),
        tables=tables, left_out=("sessions.session",),
    )  # fmt: skip
    writer.finish(manifest, ROOT)


def code_of(data: bytes) -> str:
    with pytest.raises(BootError) as refused:
        archive.read(io.BytesIO(data), "0.1.0")
    return refused.value.findings[0].code


def rewritten(data: bytes, changed: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the archive with other members, as whoever edits it with ordinary tools leaves it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in [*old.namelist(), *(name for name in changed if name not in old.namelist())]:
            new.writestr(name, changed.get(name) if name in changed else old.read(name))
    return out.getvalue()


def test_what_was_written_is_read() -> None:
    found = archive.read(io.BytesIO(made()), "0.1.0")
    assert [list(found.rows(table)) for table in found.manifest.tables] == [ROWS, []]
    assert found.manifest.row_count == 3
    assert (found.signed_by([OTHER, ROOT]), found.signed_by([OTHER]), found.signed_by([])) == (True, None, None)


def test_equal_rows_make_equal_files() -> None:
    assert made() == made()


def test_a_pipe_will_do() -> None:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as reader:
        with os.fdopen(write_end, "wb") as out:
            write(out, ROWS)
        found = archive.read(io.BytesIO(reader.read()), "0.1.0")
    assert list(found.rows(found.manifest.tables[0])) == ROWS


def test_cut_off_anywhere() -> None:
    data = made()
    assert {code_of(data[:length]) for length in range(0, len(data) - 1, 7)} == {"MP526"}


def test_a_changed_byte_never_changes_a_row() -> None:
    data, chance = made(), random.Random(6)
    refused = 0
    for at in chance.sample(range(len(data)), 400):
        altered = bytearray(data)
        altered[at] ^= 1 << chance.randrange(8)
        try:
            found = archive.read(io.BytesIO(bytes(altered)), "0.1.0")
            assert [list(found.rows(table)) for table in found.manifest.tables] == [ROWS, []]  # a date, or an attribute
            assert found.signed_by([ROOT])
        except BootError:
            refused += 1
    assert refused > 200


def test_members_missing_added_or_exchanged() -> None:
    data = made()
    user = "tables/auth.user.jsonl"
    other_row = rewritten(data, {user: b'[1,"eve"]\n'})
    for altered in (other_row, rewritten(data, {"more": b""}), rewritten(data, {"manifest.json": b"{}"}), b"", b"PK"):
        assert code_of(altered) == "MP526"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_otherwise(method: int) -> None:
    """Other methods fail in ways of their own: a damaged LZMA member raises LZMAError."""
    data, chance = rewritten(made(), {}, method), random.Random(6)
    assert code_of(data) == "MP526"
    for at in chance.sample(range(len(data)), 100):
        altered = bytearray(data)
        altered[at] ^= 255
        assert code_of(bytes(altered)) == "MP526"


def test_checksums_made_again_do_not_help_without_the_key() -> None:
    data = made()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        manifest = json.loads(old.read("manifest.json"))
    text = b'[1,"eve"]\n'
    manifest["tables"][0] |= {"rows": 1, "sha256": hashlib.sha256(text).hexdigest()}
    altered = rewritten(data, {"tables/auth.user.jsonl": text, "manifest.json": json.dumps(manifest).encode()})
    found = archive.read(io.BytesIO(altered), "0.1.0")
    assert found.signed_by([ROOT]) is False


def test_a_newer_format() -> None:
    given = json.dumps({"format": "mathesar-backup", "format_version": 2, "mathesar": "9.0\x1b[31m", "new": 1}).encode()
    with pytest.raises(BootError) as refused:
        archive.read(io.BytesIO(rewritten(made(), {"manifest.json": given})), "0.1.0")
    (item,) = refused.value.findings
    assert (item.code, "\x1b" in str(item), "9.0" in item.message) == ("MP525", False, True)


def test_other_rows_than_columns() -> None:
    assert code_of(made([[1, "ada", "more"]])) == "MP526"
