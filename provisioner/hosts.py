"""Which hosts a database URL may name."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal

Profile = Literal["paas", "local"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# underscores stand in Docker's and private networks' names; a trailing dot is a fully qualified name
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?", re.ASCII)
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+", re.ASCII)
# besides link-local 169.254.169.254: AWS over IPv6, Alibaba, Oracle, Azure
_METADATA_ADDRESSES = frozenset({"fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"})
_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"})


class HostRefused(ValueError):
    """Why a host cannot be used: ``kind`` of the finding and ``what`` it is."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(kind, what)
        self.kind, self.what = kind, what


def check_host(host: str, profile: Profile) -> None:
    """Raise HostRefused unless ``host`` (no brackets, as libpq has it) may be connected to.

    Loopback and sockets are for a person's own machine; link-local, metadata, unspecified and multicast
    addresses are for nobody, in any of the notations that the system's resolver understands.
    """
    if host.startswith(("/", "@")):
        if profile != "local" or host.startswith("@"):
            raise HostRefused("host-unix", "a Unix socket")
        return
    address = numeric_address(host)
    if address is not None:
        _check_address(address, profile)
        return
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise HostRefused("host-invalid", "not a host")
    name = host.rstrip(".").lower()
    if name in _METADATA_NAMES:
        raise HostRefused("host-blocked", "the cloud's metadata service")
    if profile == "paas" and (
        name == "localhost"
        or name.endswith((".localhost", ".localdomain"))
        or name in {"ip6-localhost", "localhost4", "localhost6"}
    ):
        raise HostRefused("host-blocked", "this machine itself")


def numeric_address(host: str) -> Address | None:
    """Return the address that ``host`` is in numbers, also as 2130706433, 0x7f.1 or 127.1; else None."""
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host)
        except ValueError:
            raise HostRefused("host-invalid", "not a host") from None
    parts = host.rstrip(".").split(".")
    if not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    *high, low = numbers
    if len(numbers) > 4 or any(n > 255 for n in high) or low >= 256 ** (5 - len(numbers)):
        raise HostRefused("host-invalid", "not a host")
    return ipaddress.IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(high)) + low)


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text, 16)
    if text.startswith("0") and len(text) > 1 and not set(text) - set("01234567"):
        return int(text, 8)
    return int(text)


def _check_address(address: Address, profile: Profile) -> None:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and int(address) >> 32 in (0, 0x64FF9B << 64) and int(address) > 1:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)  # ::a.b.c.d and 64:ff9b::a.b.c.d
        if inner is not None:
            _check_address(inner, profile)
            return
    if address.is_loopback:
        if profile == "paas":
            raise HostRefused("host-blocked", "this machine itself")
    elif address.is_link_local:
        raise HostRefused("host-blocked", "a link-local address")
    elif address.is_unspecified or (address.version == 4 and int(address) >> 24 == 0):
        raise HostRefused("host-blocked", "the unspecified address")
    elif address.is_multicast or (address.version == 4 and int(address) == 0xFFFFFFFF):
        raise HostRefused("host-blocked", "a multicast address")
    elif str(address) in _METADATA_ADDRESSES:
        raise HostRefused("host-blocked", "the cloud's metadata service")
