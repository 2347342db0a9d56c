"""The image's health check: `python -m mathesar.health.alive` ends with 0 where this container's server is alive.

It asks for /livez at the address that the container's own processes listen on, so it needs no setting: the port may
come from the platform, from the image or from a file. Nothing but the standard library's cheapest is imported, as it
runs twice a minute.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress

LISTENING = "0A"  # TCP_LISTEN in /proc/net/tcp, see proc_net_tcp.txt of the kernel's documentation
SECONDS = 4
_WORD = 8  # hexadecimal digits of 32 bits, in the byte order of this machine


def main() -> int:
    """Return the exit status: 0 alive, 1 not."""
    try:
        return int(not any(answers(host, port) for host, port in listeners()))
    except OSError:
        return 1


def listeners() -> list[tuple[str, int]]:
    """Return host and port of each TCP socket that a process of ours listens on; every address becomes loopback."""
    own = {_inode(descriptor) for descriptor in _descriptors()}
    found = []
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        try:
            with open(f"/proc/net/{name}") as table:
                rows = [line.split() for line in table.readlines()[1:]]
        except FileNotFoundError:  # a system without IPv6
            continue
        for row in rows:
            if row[3] == LISTENING and row[9] in own:
                address, _, port = row[1].partition(":")
                found.append((_host(address, family), int(port, 16)))
    return found


def answers(host: str, port: int) -> bool:
    """Tell whether GET /livez there gives 200."""
    with socket.create_connection((host, port), SECONDS) as connection:
        connection.sendall(b"GET /livez HTTP/1.0\r\n\r\n")
        return connection.recv(64).split(b" ", 2)[1:2] == [b"200"]


def _descriptors() -> list[str]:
    """Return where the descriptors of all processes that we may look into lead."""
    links = []
    for process in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError):  # ended meanwhile, or another account's
            for number in os.listdir(f"/proc/{process}/fd"):
                with suppress(OSError):  # closed meanwhile
                    links.append(os.readlink(f"/proc/{process}/fd/{number}"))
    return links


def _inode(link: str) -> str:
    """Return 123 of `socket:[123]`."""
    return link[8:-1] if link.startswith("socket:[") else ""


def _host(address: str, family: socket.AddressFamily) -> str:
    words = [address[at : at + _WORD] for at in range(0, len(address), _WORD)]
    packed = b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    if not any(packed):
        return "127.0.0.1" if family == socket.AF_INET else "localhost"
    return socket.inet_ntop(family, packed)


if __name__ == "__main__":
    raise SystemExit(main())
