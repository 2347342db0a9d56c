"""What a platform promises, put together from its facts and its environment."""

from __future__ import annotations

import re
from typing import Any

import pytest

from provisioner.facts import Fact, Facts
from provisioner.platform import Contract, Declared, contract_of, load, perhaps_proxied, registered
from provisioner.web_values import whole_number

NUMBERS: dict[str, Any] = {"default_port": 80, "shutdown_seconds": 9, "memory_mb": 256, "connection_limit": 20}


class Cirrus(Declared):
    name = "cirrus"
    label = "Cirrus"


def facts(**values: Any) -> Facts:
    return Facts({name: Fact(value, "2026-11-20", "https://cirrus.example") for name, value in values.items()})


def test_facts_named_after_a_field_are_taken_and_what_is_given_comes_first():
    known = facts(**NUMBERS, private_hosts=["*.internal"], reserved_ports=[1, 2], region="fra", tls_ceiling="require")
    expected = Contract(
        "cirrus", "Cirrus", default_port=80, shutdown_seconds=9, memory_mb=512, connection_limit=20,
        private_hosts=("*.internal",), reserved_ports=frozenset({1, 2}), tls_ceiling="require", any_host=True,
    )  # fmt: skip
    assert contract_of(Cirrus(), known, memory_mb=512, any_host=True) == expected


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_each_platform_has_may_not_be_missing(number: str):
    with pytest.raises(KeyError, match=number):
        contract_of(Cirrus(), facts(**{name: value for name, value in NUMBERS.items() if name != number}))


def test_a_fact_of_another_type_is_refused():
    with pytest.raises(TypeError, match="memory_mb"):
        contract_of(Cirrus(), facts(**NUMBERS | {"memory_mb": "256"}))


@pytest.mark.parametrize(("said", "it"), [("cirrus", True), (" cirrus\n", True), ("Cirrus", False), ("", False)])
def test_a_declared_platform_is_told_by_app_platform_alone(said: str, it: bool):
    assert Cirrus().detect({"APP_PLATFORM": said, "PORT": "80"}) is it


@pytest.mark.parametrize(
    ("url", "hosts", "secure"),
    [
        ("https://data.example.com/", ("data.example.com",), True),
        ("http://data.example.com", ("data.example.com",), False),
        ("data.example.com", ("data.example.com",), False),
        (" ", ("localhost",), False),
    ],
)
def test_a_proxy_is_believed_where_the_address_is_https(url: str, hosts: tuple[str, ...], secure: bool):
    fields = perhaps_proxied({"APP_URL": url}, ("localhost",))
    assert (fields["hosts"], fields["trust_forwarded_proto"], fields["forwarded_hops"]) == (hosts, secure, int(secure))


@pytest.mark.parametrize("text", ["", "0", "-5", "+5", "5.0", "²", "512MB", "1000000", "9" * 5000, "0x10"])
def test_what_is_no_usable_number_gives_way(text: str):
    assert whole_number(text, 512) == 512


def test_a_usable_number_is_taken():
    assert whole_number(" 0768 ", 512) == 768
    assert whole_number("0", 512, least=0) == 0
    assert whole_number("10000", 30, least=0, most=9999) == 30


NUMBERED = [("fly", "FLY_VM_MEMORY_MB"), ("koyeb", "KOYEB_INSTANCE_MEMORY_MB"), ("kubernetes", "APP_MEMORY_MB")]


@pytest.mark.parametrize(("name", "variable"), NUMBERED)
def test_a_platform_that_tells_its_memory_is_believed(name: str, variable: str):
    platform = load(name)
    usual = platform.contract({}).memory_mb
    assert platform.contract({variable: "777"}).memory_mb == 777
    assert platform.contract({variable: "9" * 5000}).memory_mb == usual


def test_every_platform_says_who_it_is():
    for name in registered():
        contract = load(name).contract({})
        assert contract.name == name
        assert re.fullmatch(r"\S.*\S", contract.label)
