"""Host names, origins and addresses: what Django and the server accept, checked before they see it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from .findings import Finding, finding

# Parents that strangers share: trusting all their sub-domains would trust everybody's site.
SHARED_PARENTS = (
    "onrender.com",
    "railway.app",
    "up.railway.app",
    "herokuapp.com",
    "ondigitalocean.app",
    "fly.dev",
    "koyeb.app",
    "azurewebsites.net",
    "run.app",
    "vercel.app",
    "netlify.app",
    "ngrok.io",
    "ngrok-free.app",
    "trycloudflare.com",
    "github.io",
    "amazonaws.com",
)

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_ORIGIN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]]+)(?::(?P<port>[0-9]{1,5}))?/?"
)


def split_list(text: str) -> list[str]:
    """Split at commas and white space; blanks vanish."""
    return re.split(r"[,\s]+", text.strip(", \t\r\n")) if text.strip(", \t\r\n") else []


def check_host(host: str, variable: str, *, public: bool, platform: str | None = None) -> tuple[str, Finding | None]:
    """Return the host in lower case and what is wrong with it, if anything.

    `public` is true on a platform, where a wildcard or a parent shared with strangers is refused.
    """
    name = host.lower()
    if name == "*" or name.startswith("*."):
        if public or name != "*":
            return name, finding("host-wildcard", variable, platform=platform)
        return name, None
    if name.startswith("."):
        parent = name.strip(".")
        if public and ("." not in parent or parent in SHARED_PARENTS):
            return name, finding("host-wildcard", variable, platform=platform)
        name_to_check = parent
    else:
        name_to_check = name
    if _is_host(name_to_check):
        return name.rstrip("."), None
    return name, finding("host-invalid", variable, platform=platform)


def check_origin(
    origin: str, variable: str, *, public: bool, platform: str | None = None
) -> tuple[str, Finding | None]:
    """Return the origin in lower case without a final slash and what is wrong with it, if anything."""
    value = origin.lower()
    if "://" not in value or (public and not value.startswith("https://")):
        return value, finding("origin-scheme", variable, platform=platform)
    match = _ORIGIN.fullmatch(value)
    if match is None or match["scheme"] not in ("http", "https") or not _port_fits(match["port"]):
        kind = "origin-scheme" if match and match["scheme"] not in ("http", "https") else "host-invalid"
        return value, finding(kind, variable, platform=platform)
    host = match["host"]
    parent = host.removeprefix("*.")
    if parent == "*" or (parent != host and ("." not in parent or parent in SHARED_PARENTS)):
        return value, finding("host-wildcard", variable, platform=platform)
    if not _is_host(parent):
        return value, finding("host-invalid", variable, platform=platform)
    return value.rstrip("/"), None


def check_bind(text: str) -> tuple[str, int] | None:
    """Read ``ADDRESS:PORT`` (``0.0.0.0:8000``, ``[::]:8000``); None where it is not one."""
    address, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch(r"[0-9]{1,5}", port) or not _port_fits(port):
        return None
    return (address, int(port)) if _is_host(address.lower()) else None


def own_origins(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return ``https://`` and each exact host; patterns and ``*`` give none."""
    return tuple(f"https://{host}" for host in hosts if not host.startswith((".", "*")))


def own_address(url: str) -> tuple[str, bool]:
    """Return the host of an app's own address, which may be a bare host too, and whether it is reached by https.

    For platforms whose manifest declares it (as APP_URL); an IPv6 address comes in brackets, as hosts have it.
    """
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        host = parts.hostname or url
    except ValueError:
        return url, False
    return f"[{host}]" if ":" in host else host, parts.scheme == "https"


def whole_number(text: str, otherwise: int, *, least: int = 1, most: int = 999_999) -> int:
    """Return the number that a platform gives as `text`; `otherwise` where it is none from `least` to `most`."""
    given = text.strip()
    digits = given.isascii() and given.isdigit() and len(given) < 20
    return int(given) if digits and least <= int(given) <= most else otherwise


def _is_host(name: str) -> bool:
    if name.startswith("[") and name.endswith("]"):
        try:
            ipaddress.IPv6Address(name[1:-1])
        except ValueError:
            return False
        return True
    return len(name) <= 253 and _NAME.fullmatch(name) is not None


def _port_fits(port: str | None) -> bool:
    return port is None or 1 <= int(port) <= 65535
