"""What a table's page says after a change to a row: that it was made, and what the database holds instead of it.

Values of a row are nobody else's business, and links end up in logs: they travel in the link as one sealed word.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from mathesar import current
from mathesar.sealing import seal, unseal

SAID = {
    "saved": "The row was saved.",
    "added": "The row was added.",
    "deleted": "The row was deleted.",
    "unchanged": "Nothing was changed, so nothing was saved.",
    "same": "PostgreSQL reads what was typed as the value that was there already, so nothing was changed.",
    "unseen": "PostgreSQL took the row, but it cannot be read back here. Look whether it is where it was meant to be.",
}
DOUBTFUL = frozenset({"unseen"})
PURPOSE = "row-held"
LONGEST = 1500  # characters of the word
SHOWN = 80  # characters of a value
MOST = 8  # columns


def write_held(place: str, held: Sequence[tuple[str, str]]) -> str:
    """Return the word for columns' names and what is held in each; the names alone where that gets too long."""
    short = [(name, text if len(text) <= SHOWN else text[:SHOWN] + "…") for name, text in held[:MOST]]
    if len(held) > MOST:
        short.append((f"and {len(held) - MOST} more", ""))
    word = _sealed(place, short)
    return word if len(word) <= LONGEST else _sealed(place, [(name, "") for name, _ in short])


def read_held(place: str, word: str) -> list[tuple[str, str]]:
    """Return the columns and texts of a word that `write_held` made for this place; none for any other."""
    if len(word) > 2 * LONGEST or not word.isascii():
        return []
    text = unseal(current.derived_key(PURPOSE), f"{PURPOSE}|{place}", word)
    return [] if text is None else [(name, value) for name, value in json.loads(text)]


def _sealed(place: str, held: Sequence[tuple[str, str]]) -> str:
    return seal(current.derived_key(PURPOSE), f"{PURPOSE}|{place}", json.dumps(held, ensure_ascii=False))
