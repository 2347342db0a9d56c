"""The listening socket, made here rather than by gunicorn: dual stack whatever the host's setting, clear refusals."""

from __future__ import annotations

import errno
import socket
import time

from mathesar.boot.messages import failure
from provisioner.planning import Plan

BACKLOG = 2048
TRIES = 10  # a previous process may still be letting go of the port
PAUSE = 0.2  # seconds
_NO_IPV6 = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})


def split(bind: str) -> tuple[str, int]:
    """Return host and port of `host:port` or `[host]:port`."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def listen(plan: Plan) -> socket.socket:
    """Return a listening socket on the plan's address.

    `[::]` also takes IPv4 connections, even where net.ipv6.bindv6only is 1, and becomes 0.0.0.0 on a host
    without IPv6.

    Raises:
        BootError: the port is in use, or the address is not this machine's.
    """
    host, port = split(plan.bind)
    variable = "MATHESAR_BIND" if plan.platform is None else "PORT"
    for attempt in range(1, TRIES + 1):
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno in _NO_IPV6 and host == "::":
                host = "0.0.0.0"  # noqa: S104 - what the plan asks for, less IPv6
            elif error.errno != errno.EADDRINUSE:
                raise failure("bind-refused", variable, address=plan.bind) from None
            elif attempt == TRIES:
                raise failure("port-used", "PORT", port=str(port)) from None
            else:
                time.sleep(PAUSE)
    raise AssertionError("unreachable")


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if host == "::" else 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except BaseException:
        made.close()
        raise
    return made
