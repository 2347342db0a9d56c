"""Where the next page begins, or which row is meant, as one opaque word in a link.

It is sealed, so that nobody can read, alter or make one.

A key's values may be people's names or addresses; links end up in logs and histories.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from mathesar import current
from mathesar.sealing import seal, unseal

PURPOSE = "browse-cursor"
ADDRESS = "row-address"
_TO_PATH, _FROM_PATH = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")
LONGEST = 2500  # characters; servers and proxies take no address beyond a few thousand


def write_cursor(place: str, values: Sequence[str]) -> str | None:
    """Return the word for these values at one place (database, table and order); None where it gets too long."""
    text = json.dumps(list(values), ensure_ascii=False)
    sealed = seal(current.derived_key(PURPOSE), f"{PURPOSE}|{place}", text)
    return sealed if len(sealed) <= LONGEST else None


def write_addresses(place: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a word for each row's key, fit for a path; "" where it gets too long."""
    key = current.derived_key(ADDRESS)
    sealed = [seal(key, f"{ADDRESS}|{place}", json.dumps(values, ensure_ascii=False)) for values in rows]
    return [each.translate(_TO_PATH) if len(each) <= LONGEST else "" for each in sealed]


def read_address(place: str, word: str) -> tuple[str, ...] | None:
    """Return the key of a word that `write_addresses` made for this place; None for any other."""
    if len(word) > LONGEST or not word.isascii() or "+" in word or "/" in word:
        return None
    text = unseal(current.derived_key(ADDRESS), f"{ADDRESS}|{place}", word.translate(_FROM_PATH))
    return None if text is None else tuple(json.loads(text))


def read_cursor(place: str, cursor: str) -> tuple[str, ...] | None:
    """Return the values of a word that `write_cursor` made for this place; None for any other."""
    if len(cursor) > LONGEST or not cursor.isascii():
        return None
    text = unseal(current.derived_key(PURPOSE), f"{PURPOSE}|{place}", cursor)
    return None if text is None else tuple(json.loads(text))
