"""What platforms' generators of secrets emit, held against what an app needs of a secret.

A recipe is a fact of the platform (``secret_recipe`` in its facts.toml): how it is written in the manifest, and the
alphabet and length of what comes out.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from math import floor, log2
from typing import Any

from .spec import Generated

ALPHABETS = {
    "hex": "0123456789abcdef",
    "alphanumeric": string.ascii_letters + string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
    "base64url": string.ascii_letters + string.digits + "-_",
    "lower": string.ascii_lowercase + string.digits,
}
URL_SAFE = frozenset(string.ascii_letters + string.digits + "-._~")  # RFC 3986, unreserved


@dataclass(frozen=True, slots=True)
class Recipe:
    """`length` counts every character that comes out, `padding` those of them that are base64's ``=``."""

    expression: str
    alphabet: str
    length: int
    padding: int = 0

    @property
    def characters(self) -> str:
        """Every character that can come out, but for padding."""
        return ALPHABETS[self.alphabet]

    @property
    def bits(self) -> int:
        """The entropy. Padded base64 holds whole bytes, so its last character holds less than six bits."""
        if self.padding:
            return (self.length - self.padding) * 6 // 8 * 8
        return floor(self.length * log2(len(self.characters)))

    @property
    def url_safe(self) -> bool:
        """Whether it can stand in a URL as it is."""
        return not self.padding and set(self.characters) <= URL_SAFE


def recipe(value: dict[str, Any]) -> Recipe:
    """Read a recipe from its fact. Raises TypeError for a key that is none, KeyError for an unknown alphabet."""
    made = Recipe(**value)
    if made.alphabet not in ALPHABETS:
        raise KeyError(f"no alphabet {made.alphabet!r}; known: {', '.join(ALPHABETS)}")
    return made


def unfit(need: Generated, made: Recipe) -> str | None:
    """Say why what comes out does not serve the need, in words; None where it does."""
    if made.bits < need.bits:
        return f"it has {made.bits} bits, and {need.bits} are needed"
    if made.length < need.shortest:
        return f"it has {made.length} characters, and {need.shortest} are needed"
    return None
