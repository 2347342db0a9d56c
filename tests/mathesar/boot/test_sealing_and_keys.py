"""Where the root key comes from, and how it is told whether the database was written with it."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import provisioner
from mathesar.boot import key_file, keys
from mathesar.boot.messages import BootError
from mathesar.boot.store import BootRow
from mathesar.sealing import derive, seal, unseal
from provisioner.planning import Plan
from provisioner.secret import Secret
from tests.platforms.environments import digitalocean, render

KEY = derive("material", "test")


def database_plan(password: str = "AVNS-one") -> Plan:
    return provisioner.plan(digitalocean(f"postgresql://u:{password}@db.example.com:25060/d?sslmode=require"))


def test_sealed_text_opens_with_its_key_for_its_purpose_only() -> None:
    sealed = seal(KEY, "a", "text")
    assert unseal(KEY, "a", sealed) == "text"
    assert unseal(KEY, "b", sealed) is None
    assert unseal(derive("other", "test"), "a", sealed) is None


def test_every_altered_character_is_refused() -> None:
    sealed = seal(KEY, "a", "text")
    for position, character in enumerate(sealed):
        other = "A" if character != "A" else "B"
        altered = sealed[:position] + other + sealed[position + 1 :]
        assert unseal(KEY, "a", altered) is None, position


@pytest.mark.parametrize("text", ["", "v1", "v1..", "v1.zz.!!", "v2.00.AA==", "v1." + "0" * 16 + "."])
def test_nonsense_is_refused(text: str) -> None:
    assert unseal(KEY, "a", text) is None


def test_environment_key_needs_no_other() -> None:
    plan = provisioner.plan(render())
    ring = keys.resolve(plan, BootRow)
    assert ring is not None
    assert ring.current is plan.secret_key
    assert ring.state(BootRow()) == "ok"
    assert ring.state(BootRow(canary=ring.new_canary())) == "ok"


def test_canary_of_a_fallback_and_of_neither() -> None:
    old, new = keys.KeyRing(Secret("old" * 20)), keys.KeyRing(Secret("new" * 20))
    row = BootRow(canary=old.new_canary())
    assert new.state(row) == "mismatch"
    assert replace(new, fallbacks=(old.current,)).state(row) == "rotation-pending"


def test_wrapped_key_is_made_only_by_whoever_holds_the_lock() -> None:
    plan = database_plan()
    assert keys.resolve(plan, BootRow) is None
    made, wrapped = keys.make_wrapped(plan)
    assert made.current.get_secret_value() not in wrapped
    found = keys.resolve(plan, lambda: BootRow(wrapped_key=wrapped))
    assert found is not None
    assert found.current.get_secret_value() == made.current.get_secret_value()
    assert not found.lost


def test_rotated_database_password_serves_with_the_same_key_in_every_replica() -> None:
    _, wrapped = keys.make_wrapped(database_plan())
    row = BootRow(wrapped_key=wrapped, canary="v1.x.y")
    rings = [keys.resolve(database_plan("AVNS-two"), lambda: row) for _ in range(2)]
    values = {ring.current.get_secret_value() for ring in rings if ring is not None}
    assert len(values) == 1
    assert [ring.state(row) for ring in rings if ring is not None] == ["mismatch", "mismatch"]


def test_environment_key_wins_and_the_wrapped_one_still_reads() -> None:
    made, wrapped = keys.make_wrapped(database_plan())
    plan = replace(database_plan(), secret_key=Secret("k" * 60), secret_key_source="environment")
    row = BootRow(wrapped_key=wrapped, canary=made.new_canary())
    ring = keys.resolve(plan, lambda: row)
    assert ring is not None
    assert ring.current is plan.secret_key
    assert ring.state(row) == "rotation-pending"


def test_key_file_is_private_and_the_same_for_all_who_race_for_it(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(key_file.read_or_make(tmp_path).get_secret_value()))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key", ".secret_key.lock"}


def test_key_file_open_to_others_is_closed(tmp_path: Path) -> None:
    key_file.read_or_make(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    key_file.read_or_make(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 64])
def test_damaged_key_file_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret_key"
    path.write_bytes(content)
    with pytest.raises(BootError) as caught:
        key_file.read_or_make(tmp_path)
    assert caught.value.findings[0].kind == "key-file-damaged"
    assert path.read_bytes() == content


def test_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BootError) as caught:
        key_file.make_data_dir(tmp_path / "file" / "data")
    assert caught.value.findings[0].variable == "MATHESAR_DATA_DIR"
