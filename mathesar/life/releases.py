"""The newest release, as GitHub's API tells it: `GET /repos/{owner}/{repo}/releases/latest`.

Fields that are read: tag_name, html_url, published_at (GitHub REST API, "Get the latest release"). The request says
nothing of this install: no version, no identifier, no cookie. What comes back is believed in form only.
"""

from __future__ import annotations

import json
import re
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from ipaddress import ip_address
from typing import IO, Any
from urllib.parse import urlsplit

from provisioner.spec_mathesar import REPOSITORY

VARIABLE = "MATHESAR_UPDATE_URL"
HEADERS = {"User-Agent": "mathesar-update-check", "Accept": "application/vnd.github+json"}
SECONDS = 10.0  # in all
LARGEST = 1024 * 1024  # bytes
_VERSION = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3})")
# PEP 440, normalised: the release, and whether it is one before that
_INSTALLED = re.compile(r"(\d+(?:\.\d+)*)((?:a|b|rc)\d+|\.dev\d+)?")
_LINK = re.compile(r"https://[!-~]{1,300}")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})T[0-9:.]{1,20}Z")


class NotAsked(Exception):
    """The release page gave no answer that can be used; `reason` says why, and repeats nothing that it sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadAddress(NotAsked):
    """The address is not one that may be asked."""


@dataclass(frozen=True)
class Release:
    """A release: its version as numbers and as text, where to read about it, and its day (YYYY-MM-DD or "")."""

    version: tuple[int, ...]
    name: str
    link: str
    day: str


def default_url() -> str:
    """Return the address for this project's repository."""
    owner_and_name = urlsplit(REPOSITORY).path.strip("/")
    return f"https://api.github.com/repos/{owner_and_name}/releases/latest"


def numbers(version: str) -> tuple[int, ...] | None:
    """Return a final version's numbers without trailing zeros; None for anything else, as a pre-release."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    parts = [int(part) for part in found[1].split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def is_newer(released: tuple[int, ...], installed: str) -> bool:
    """Tell whether a release is newer than the version that is installed; of what is no version, it is.

    A pre-release comes before the release that it names, and after those before that (PEP 440, "Summary of permitted
    suffixes and relative ordering").
    """
    found = _INSTALLED.match(installed)
    mine = numbers(found[1]) if found else None
    if found is None or mine is None:
        return True
    return released >= mine if found[2] else released > mine


def latest(url: str) -> Release:
    """Ask for the newest release, for at most about `SECONDS`.

    Raises:
        BadAddress: it is neither https nor this machine.
        NotAsked: no answer, or not one of that form.
    """
    _check(url)
    end = time.monotonic() + SECONDS
    opener = urllib.request.build_opener(_SameHost)
    request = urllib.request.Request(url, headers=HEADERS)  # noqa: S310 - the scheme was looked at
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            text = _read(answer, end)
    except urllib.error.HTTPError as error:
        with error:
            what = "there is no release yet" if error.code == 404 else f"status {error.code}"
        raise NotAsked(what) from None
    except urllib.error.URLError as error:
        raise NotAsked(_why(error.reason)) from None
    except (OSError, ValueError, EOFError) as error:
        raise NotAsked(_why(error)) from None
    return read(text)


def read(text: bytes) -> Release:
    """Read an answer.

    Raises:
        NotAsked: it is not of the documented form.
    """
    try:
        given = json.loads(text)
        tag, link = given["tag_name"], given["html_url"]
        found, day = numbers(tag), _DATE.fullmatch(given.get("published_at") or "")
        if found is None or not _LINK.fullmatch(link):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotAsked("the answer is not of the form that GitHub documents") from None
    return Release(found, tag.removeprefix("v"), link, day[1] if day else "")


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect on the same host only, as after a repository was renamed."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            fp.close()
            raise NotAsked("it was sent on to another host")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress("it is not a URL") from None
    if not host or port == 0 or not url.isascii() or not url.isprintable() or " " in url:
        raise BadAddress("it is not a URL")
    if parts.username or parts.password:
        raise BadAddress("it has a user name or password in it")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(host)):
        raise BadAddress("it is not https")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(answer: Any, end: float) -> bytes:
    """Read an answer piece by piece: a server that drips must not hold us."""
    pieces = bytearray()
    while piece := answer.read1(65536):
        pieces += piece
        if len(pieces) > LARGEST:
            raise NotAsked("the answer is too long")
        if time.monotonic() > end:
            raise NotAsked("the answer took too long")
    return bytes(pieces)


def _why(error: object) -> str:
    if isinstance(error, NotAsked):
        return error.reason
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return "its certificate is not good" if isinstance(error, ssl.SSLCertVerificationError) else "TLS failed"
    if isinstance(error, ConnectionError):
        return "the connection was refused or cut"
    return "its name has no address" if type(error).__name__ == "gaierror" else "the connection failed"
