"""Where a backup is written, and the passphrase that may be in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathesar.boot.messages import BootError
from mathesar.life import passphrase, target
from provisioner.secret import Secret

PHRASE = Secret("correct horse battery staple")
ROOT, EARLIER = Secret("a root key of the tests, 0123456789"), Secret("its predecessor in the tests, 9876543210")


def code_of(refused: pytest.ExceptionInfo[BootError]) -> str:
    return refused.value.findings[0].code


def test_the_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    with target.written(str(path), force=False) as file:
        file.write(b"whole")
        assert not path.exists()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"whole", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_of_one_that_failed(tmp_path: Path) -> None:
    def fail() -> None:
        with target.written(str(tmp_path / "one.zip"), force=True) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_no_file_loses_its_place_by_accident(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    path.write_bytes(b"earlier")
    with pytest.raises(BootError) as refused:
        target.refuse_taken(str(path), force=False)
    assert code_of(refused) == "MP521"
    with pytest.raises(BootError) as refused, target.written(str(path), force=False) as file:  # made meanwhile
        file.write(b"new")
    assert (code_of(refused), path.read_bytes()) == ("MP521", b"earlier")
    target.refuse_taken(str(path), force=True)
    with target.written(str(path), force=True) as file:
        file.write(b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"new", [path])


def test_a_place_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(BootError) as refused:
        target.refuse_taken(str(tmp_path), force=True)
    assert code_of(refused) == "MP522"
    with pytest.raises(BootError) as refused, target.written(str(tmp_path / "no" / "one.zip"), force=True):
        pass
    assert code_of(refused) == "MP522"


def test_the_passphrase_opens_the_key_and_is_taken_away() -> None:
    environ = {passphrase.VARIABLE: f" {PHRASE.get_secret_value()}\n"}
    assert passphrase.take(environ) == PHRASE
    assert (environ, passphrase.take(environ)) == ({}, None)
    wrapped = passphrase.wrap([ROOT, EARLIER], PHRASE)
    assert passphrase.unwrap(wrapped, PHRASE) == (ROOT, EARLIER)
    for text in (ROOT.get_secret_value(), EARLIER.get_secret_value(), PHRASE.get_secret_value()):
        assert text not in wrapped.model_dump_json()
    with pytest.raises(BootError) as refused:
        passphrase.unwrap(wrapped, Secret("correct horse battery stable"))
    assert code_of(refused) == "MP532"
    with pytest.raises(BootError) as refused:
        passphrase.wrap([ROOT], Secret("fifteen letters"))
    assert code_of(refused) == "MP531"
