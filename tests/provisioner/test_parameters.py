"""Every keyword of libpq is either allowed, refused, or part of the authority."""

from __future__ import annotations

import pytest
from psycopg import pq

from provisioner.parameters import ALLOWED, AUTHORITY, FORBIDDEN, problem


def test_every_keyword_of_the_installed_libpq_is_judged() -> None:
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    assert known - AUTHORITY - FORBIDDEN - set(ALLOWED) == set()


def test_the_three_sets_do_not_overlap() -> None:
    assert not AUTHORITY & FORBIDDEN
    assert not (AUTHORITY | FORBIDDEN) & set(ALLOWED)


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_forbidden(name: str) -> None:
    assert problem(name, "x") == ("param-forbidden", {"parameter": name})


@pytest.mark.parametrize("name", sorted(AUTHORITY))
def test_authority(name: str) -> None:
    assert problem(name, "x") == ("authority-override", {"parameter": name})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("sslmode", ["disable", "verify-full"], ["", "REQUIRE", "no-verify"]),
        ("connect_timeout", ["2", "120"], ["0", "1", "121", "-5", "abc", "\uff15"]),
        ("application_name", ["a+b", "a" * 63], ["", "a" * 64, "\u00e9"]),
        ("target_session_attrs", ["any", "read-write", "primary"], ["read-only", "standby"]),
        ("require_auth", ["scram-sha-256", "!password,!md5"], ["x", ","]),
        ("keepalives", ["0", "1"], ["2"]),
        ("sslrootcert", ["system"], []),
    ],
)
def test_values(name: str, good: list[str], bad: list[str]) -> None:
    assert [problem(name, value) for value in good] == [None] * len(good)
    assert [(problem(name, value) or ("",))[0] for value in bad] == ["param-value"] * len(bad)


def test_certificate_paths_are_refused() -> None:
    assert problem("sslrootcert", "/proc/self/environ") == ("param-forbidden", {"parameter": "sslrootcert"})


def test_unknown_names_are_not_repeated() -> None:
    assert problem("s3cretPW", "x") == ("param-unknown", {})
