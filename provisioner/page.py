"""What the reports for people share: lines of a width, coloured where asked."""

from __future__ import annotations

import textwrap

RED, YELLOW, GREEN, BOLD, DIM = "31", "33", "32", "1", "2"
NARROWEST, WIDEST = 40, 100


class Page:
    """Lines of text in the making; `width` is kept between 40 and 100 columns."""

    def __init__(self, color: bool, width: int) -> None:
        self.color = color
        self.width = min(max(width, NARROWEST), WIDEST)
        self.lines: list[str] = []

    def paint(self, words: str, *codes: str) -> str:
        """Return the words in ANSI colours, where there are any."""
        return f"\x1b[{';'.join(codes)}m{words}\x1b[0m" if self.color and words else words

    def wrap(self, words: str, first: str, rest: str) -> list[str]:
        """Return the words as lines; names and URLs are never broken."""
        return textwrap.wrap(
            words,
            self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
