"""What people type: every field that cannot be used is named, and the stored password stays where it belongs."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.secret import Secret
from tests.mathesar import plans

GOOD = {
    "host": "db.example.org",
    "port": "6432",
    "dbname": "sales",
    "username": "ada",
    "password": " with space ",
    "sslmode": "require",
}


def refused(given: dict[str, Any], stored: Any = None) -> dict[str, str]:
    """Return field → code of what is refused."""
    from mathesar.connections.credentials import read_fields
    from mathesar.connections.errors import InvalidFields

    with pytest.raises(InvalidFields) as found:
        read_fields(given, stored)
    return {each.variable: each.kind for each in found.value.findings}


def test_good_fields(plan: plans.Plan) -> None:
    from mathesar.connections.credentials import Credentials, read_fields

    read = read_fields(GOOD)
    assert read == Credentials("db.example.org", 6432, "sales", "ada", Secret(" with space "), "require")
    assert read.url().conninfo()["password"] == " with space "
    assert Credentials.load(read.dump()) == read


def test_defaults(plan: plans.Plan) -> None:
    from mathesar.connections.credentials import read_fields

    read = read_fields({**GOOD, "port": "", "sslmode": None})
    assert (read.port, read.sslmode) == (5432, "require")
    assert read_fields({**GOOD, "host": "[fd00::7]", "sslmode": ""}).host == "fd00::7"
    assert read_fields({**GOOD, "host": "localhost", "sslmode": ""}).sslmode == "prefer"


def test_all_faults_at_once(plan: plans.Plan) -> None:
    assert refused({}) == dict.fromkeys(("host", "dbname", "username", "password"), "field-missing")
    assert refused(
        {
            "host": "a,b",
            "port": "70000",
            "dbname": "dbname=x",
            "username": "é" * 32,
            "password": "a\0b",
            "sslmode": "allow",
            "ca": "x",
        }
    ) == dict.fromkeys(("host", "port", "dbname", "username", "password", "sslmode", "ca"), "field-invalid")


@pytest.mark.parametrize("host", ["169.254.169.254", "0.0.0.0", "metadata.google.internal", "::ffff:169.254.1.1"])
def test_hosts_that_nobody_may_reach(plan: plans.Plan, host: str) -> None:
    assert refused({**GOOD, "host": host}) == {"host": "live-host-blocked"}


def test_a_certificate(plan: plans.Plan, tmp_path) -> None:
    from mathesar.connections.credentials import read_fields
    from tests.tls_certificate import write_certificate

    pem = write_certificate(tmp_path, "db.example.org")[0].read_text()
    assert read_fields({**GOOD, "sslmode": "verify-full", "ca": pem}).ca == pem.strip()
    assert refused({**GOOD, "ca": pem}) == {"ca": "field-invalid"}
    assert refused({**GOOD, "sslmode": "verify-ca", "ca": pem[:200]}) == {"ca": "field-invalid"}


def test_what_is_stored_fills_what_is_left_out(plan: plans.Plan) -> None:
    from mathesar.connections.credentials import read_fields

    stored = read_fields(GOOD)
    assert read_fields({"dbname": "other", "password": ""}, stored) == read_fields({**GOOD, "dbname": "other"})
    assert refused({"dbname": ""}, stored) == {"dbname": "field-missing"}


@pytest.mark.parametrize("change", [{"host": "rogue.example.net"}, {"port": "1"}])
def test_the_stored_password_goes_nowhere_else(plan: plans.Plan, change: dict[str, str]) -> None:
    from mathesar.connections.credentials import read_fields

    stored = read_fields(GOOD)
    assert refused(change, stored) == {"password": "field-missing"}
    assert read_fields({**change, "password": "new"}, stored).password.get_secret_value() == "new"


def test_a_url_fills_the_fields(plan: plans.Plan) -> None:
    from mathesar.connections.credentials import read_fields, read_url

    text = "postgresql://ada:%20with%20space%20@db.example.org:6432/sales?sslmode=require"
    assert read_url(text) == read_fields(GOOD)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", "field-missing"),
        ("mysql://a:b@h/d", "scheme"),
        ("postgresql://ada:p@w@db.example.org/sales", "password-needs-encoding"),
        ("postgresql://ada:secret0@db.example.org/sales?options=-c%20role%3Dx", "param-forbidden"),
        ("postgresql://ada:secret0@db.example.org/sales?keepalives=1", "url-parameter"),
        ("postgresql://ada:secret0@a.example.org,b.example.org/sales", "url-parameter"),
    ],
)
def test_urls_that_say_more_or_nothing(plan: plans.Plan, url: str, kind: str) -> None:
    from mathesar.connections.credentials import read_url
    from mathesar.connections.errors import InvalidFields

    with pytest.raises(InvalidFields) as found:
        read_url(url)
    assert [(each.variable, each.kind) for each in found.value.findings] == [("url", kind)]
    assert "secret0" not in str(found.value)


@pytest.mark.parametrize("name", ["", "  ", "a/b", "x" * 129, "default"])
def test_names(plan: plans.Plan, name: str) -> None:
    from mathesar.connections.credentials import read_name
    from mathesar.connections.errors import InvalidFields

    with pytest.raises(InvalidFields):
        read_name(name)
