"""Judgements about the raw text of a database URL: examples, references, and what other programs misread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from provisioner.text import is_placeholder

_SHELL_NAME = re.compile(r"(?:^|[:/,])\$[A-Z][A-Z0-9_]{2,}(?=$|[:/,])")
_BRACKETED = re.compile(r"<[^<>]*>|\[[A-Za-z_ -]*PASSWORD[A-Za-z_ -]*\]")
# user:password@host, as manuals write it
_EXAMPLE_USERS = frozenset({"user", "username"})
_EXAMPLE_PASSWORDS = frozenset({"password", "pass", "secret"})
_EXAMPLE_HOSTS = frozenset({"host", "hostname"})
_DELIMITERS = frozenset("/?#@:[]")
_MISREAD = frozenset("#?[]")  # the others are refused or encoded
# Supabase's transaction mode and DigitalOcean's connection pools
_POOLER_PORTS = frozenset({"6543", "25061"})


def example_problem(userinfo: str, place: str, path: str) -> str:
    """Return the kind of finding when a part is still a reference or an example text, else ''.

    A password may begin with $; a user, host, port or database in capitals after $ is a shell's variable.
    """
    user, _, password = userinfo.partition(":")
    if "$" in user + place + path and any(map(_SHELL_NAME.search, (user, place, path))):
        return "unresolved-reference"
    if is_placeholder(password):
        return "placeholder"
    host = place.partition(":")[0]
    if any(part and _BRACKETED.fullmatch(part) for part in (user, password, host, path)):
        return "placeholder"
    manual = (
        host.lower() in _EXAMPLE_HOSTS and user.lower() in _EXAMPLE_USERS and password.lower() in _EXAMPLE_PASSWORDS
    )
    return "placeholder" if manual else ""


def reads_otherwise(userinfo: str) -> bool:
    """Tell whether urllib's urlsplit, which many programs use, would cut the URL elsewhere."""
    if not _MISREAD.isdisjoint(userinfo):
        return True
    return not userinfo.isascii() and any(
        _DELIMITERS & set(unicodedata.normalize("NFKC", character)) for character in userinfo if character > "\x7f"
    )


def is_local(hosts: Collection[str]) -> bool:
    """Tell whether every host is this machine itself, where nothing can listen in between."""
    return all(host.startswith(("/", "127.")) or host in {"localhost", "::1"} for host in hosts)


def is_pooler(host: str, port: str) -> bool:
    """Tell whether a comma list of hosts and ports has a known transaction pooler in it (Neon: -pooler)."""
    if not _POOLER_PORTS.isdisjoint(port.split(",")):
        return True
    return "-pooler" in host and any(each.split(".", 1)[0].endswith("-pooler") for each in host.split(","))
