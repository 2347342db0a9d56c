"""An address of this machine that is not loopback: what a private network's address is to an app.

Apps refuse loopback on a platform, with reason, and what listens on 127.0.0.1 alone must not be reachable here.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import random
import socket
import struct
import sys

NOWHERE = ("192.0.2.1", 9)  # RFC 5737; connecting a datagram socket sends nothing
SIOCGIFADDR = 0x8915  # Linux, netdevice(7)
_given: set[int] = set()
LAST_RESORT = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"


@functools.cache
def own_address() -> str:
    """Return an IPv4 address of this machine; loopback only where there is no other."""
    for address in _candidates():
        parsed = ipaddress.ip_address(address)
        if not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified) and _usable(address):
            return address
    return LAST_RESORT


def free_port() -> int:
    """Return a port of this machine that nobody listens on now, below the range that outgoing connections take.

    Each is given away once: what starts may take its time until it listens.
    """
    for _ in range(200):
        port = random.randint(20000, 32000)  # noqa: S311 - no secret
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
            _given.add(port)
            return port
    raise OSError("no free port was found")


def _candidates() -> list[str]:
    found = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(NOWHERE)
        found.append(str(probe.getsockname()[0]))
    if sys.platform == "linux":
        found += [address for _, name in socket.if_nameindex() if (address := _of_interface(name))]
    return found


def _of_interface(name: str) -> str | None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
        except OSError:
            return None
    return socket.inet_ntoa(answer[20:24])


def _usable(address: str) -> bool:
    with contextlib.suppress(OSError), socket.create_server((address, 0)):
        return True
    return False
