"""Deploy buttons: a link that names its repository or image, and the platform's own badge."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .platform import load, registered, room
from .spec import AppSpec


@dataclass(frozen=True, slots=True)
class Button:
    """One button; `image` is the address of the badge that the platform serves for this purpose."""

    text: str
    url: str
    image: str

    def markdown(self) -> str:
        """Return the button as Markdown."""
        return f"[![{self.text}]({self.image})]({self.url})"

    def html(self) -> str:
        """Return the button as HTML, in one line."""
        url, image, text = (html.escape(value, quote=True) for value in (self.url, self.image, self.text))
        return f'<a href="{url}"><img src="{image}" alt="{text}" height="32"></a>'


BEGIN, END = "<!-- provisioner buttons -->", "<!-- end of buttons -->"


def fill(text: str, made: Iterable[Button]) -> str:
    """Return Markdown with these buttons between BEGIN and END. Raises ValueError where these two are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"it has no lines {BEGIN} and {END} to put them between")
    return "\n".join([f"{before}{BEGIN}", *(each.markdown() for each in made), f"{END}{after}"])


def buttons(spec: AppSpec) -> dict[str, Button]:
    """Return the button of each platform that has one, by platform name."""
    found: dict[str, Button] = {}
    for name in registered():
        manifest: Any = room(load(name), "manifest")
        maker = getattr(manifest, "button", None)
        made: Button | None = maker(spec) if maker is not None else None
        if made is not None:
            found[name] = made
    return found
