"""Deploy buttons in a README: each platform's lint room judges the links that are its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

from .document import Document
from .marks import Mark, mark

ENDING = ".md"
_LINK = re.compile(r"https?://[^\s()<>\"'\]]+")


def read_readme(path: str, text: str) -> Document:
    """Return the README as a document whose values are its links, by their number."""
    links: list[str] = []
    places: dict[tuple[str | int, ...], tuple[int, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _LINK.finditer(line):
            places["link", len(links)] = (number, found.start() + 1)
            links.append(unescape(found[0]))
    return Document(path, text, "markdown", {"link": links}, places)


def lint(document: Document, rooms: Iterable[tuple[str, Any]]) -> list[Mark]:
    """Return what the platforms say of the links; a room has ``judge_link(url) -> kind | None`` or has no button."""
    marks: list[Mark] = []
    for name, linter in rooms:
        judge: Callable[[str], str | None] = getattr(linter, "judge_link", _no_button)
        for index, url in enumerate(document.data["link"]):
            if kind := judge(url):
                marks.append(mark(kind, ("link", index), name))
    return marks


def _no_button(_url: str) -> str | None:
    return None
