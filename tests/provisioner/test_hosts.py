"""Which hosts a URL may name."""

from __future__ import annotations

import pytest

from provisioner.hosts import HostRefused, Profile, check_host

LOOPBACK = [
    "localhost", "LOCALHOST", "localhost.", "x.localhost", "127.0.0.1", "127.1", "127.0.0.1.",
    "2130706433", "0x7f000001",
    "0x7f.1", "0177.0.0.1", "017700000001", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "::127.0.0.1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "0", "::",
    "224.0.0.1", "ff02::1", "255.255.255.255", "fd00:ec2::254", "100.100.100.200", "metadata.google.internal",
]  # fmt: skip
FINE = [
    "db.example.com", "db.example.com.", "dpg-abc123-a", "postgres.railway.internal", "db_1", "10.0.0.5", "192.168.1.1",
    "172.16.0.1", "fd12:3456::1", "2001:db8::1", "1.2.3.4",
]  # fmt: skip
INVALID = [
    "",
    "a..b",
    "-a",
    "a-",
    "b\u00fccher",
    "1.2.3.4.5",
    "256.1.1.1",
    "a b",
    "a/b",
    "x" * 64,
    "[x]",
    "1::2::3",
    "a,b",
]


def refused(host: str, profile: Profile) -> str:
    try:
        check_host(host, profile)
    except HostRefused as error:
        return error.kind
    return ""


@pytest.mark.parametrize("host", LOOPBACK)
def test_this_machine(host: str) -> None:
    assert refused(host, "paas") == "host-blocked"
    assert refused(host, "local") == ""


@pytest.mark.parametrize("host", NEVER)
def test_for_nobody(host: str) -> None:
    assert refused(host, "paas") == refused(host, "local") == "host-blocked"


@pytest.mark.parametrize("host", FINE)
def test_fine(host: str) -> None:
    assert refused(host, "paas") == refused(host, "local") == ""


@pytest.mark.parametrize("host", INVALID)
def test_invalid(host: str) -> None:
    assert refused(host, "paas") == "host-invalid"


def test_sockets() -> None:
    assert refused("/var/run/postgresql", "paas") == "host-unix"
    assert refused("/var/run/postgresql", "local") == ""
    assert refused("@abstract", "local") == "host-unix"
