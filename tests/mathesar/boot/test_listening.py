"""The listening socket."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

import provisioner
from mathesar.boot import listening
from mathesar.boot.messages import BootError
from provisioner.planning import Plan
from tests.postgres import free_port


def plan_on(bind: str) -> Plan:
    return replace(provisioner.plan({}), bind=bind)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("bind", "expected"), [("127.0.0.1:80", ("127.0.0.1", 80)), ("[::]:10000", ("::", 10000)), (":8000", ("", 8000))]
)
def test_split(bind: str, expected: tuple[str, int]) -> None:
    assert listening.split(bind) == expected


def test_all_addresses_means_both_families() -> None:
    port = free_port()
    with listening.listen(plan_on(f"[::]:{port}")):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        if has_ipv6():
            socket.create_connection(("::1", port), timeout=5).close()


def test_host_without_ipv6_listens_on_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    bind = listening._bind

    def without_ipv6(host: str, port: int) -> socket.socket:
        if ":" in host:
            raise OSError(97, "Address family not supported by protocol")
        return bind(host, port)

    monkeypatch.setattr(listening, "_bind", without_ipv6)
    with listening.listen(plan_on(f"[::]:{free_port()}")) as made:
        assert made.family == socket.AF_INET


def test_port_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PAUSE", 0)
    plan = plan_on(f"127.0.0.1:{free_port()}")
    with listening.listen(plan), pytest.raises(BootError) as caught:
        listening.listen(plan)
    assert [item.kind for item in caught.value.findings] == ["port-used"]


def test_address_of_another_machine() -> None:
    with pytest.raises(BootError) as caught:
        listening.listen(plan_on(f"203.0.113.7:{free_port()}"))
    assert [item.kind for item in caught.value.findings] == ["bind-refused"]
