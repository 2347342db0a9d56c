"""A secret is shown by nothing."""

from __future__ import annotations

import json
import pickle

import pytest

from provisioner import Secret

SECRET = Secret("s3cretPW")


def test_every_way_of_showing_gives_stars() -> None:
    shown = [str(SECRET), repr(SECRET), f"{SECRET}", f"{SECRET:>20}", f"{SECRET!r}", ascii(SECRET)]
    assert shown == ["***"] * 6


def test_it_is_neither_pickled_nor_written_as_json() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)
    with pytest.raises(TypeError):
        json.dumps(SECRET)


def test_it_compares_and_reads() -> None:
    assert Secret("s3cretPW") == SECRET
    assert Secret("other") != SECRET
    assert SECRET != "s3cretPW"
    assert SECRET.get_secret_value() == "s3cretPW"
    assert SECRET
    assert not Secret("")


def test_it_compares_beyond_ascii() -> None:
    assert Secret("\u00e9") == Secret("\u00e9")
    assert len({Secret("a"), Secret("a")}) == 1
