"""The line breaks of a text that went through a form: browsers make one kind of all, the untouched lines keep theirs.

Old and new lines are brought together at the lines that both texts have once, as in a patience diff: that costs little
for any text, and what lies between two of those is short.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_BREAK = re.compile(r"(\r\n|\r|\n)")
MOST_PAIRS = 10_000  # old times new lines that are compared each with each, which takes a second at worst


def with_breaks_of(old: str, text: str) -> str:
    """Return `text`, which has LF alone, with the line breaks of `old`: each line's own, for new lines the usual one.

    A changed line has the break of the line in whose place it is.
    """
    if "\r" not in old:
        return text
    parts = _BREAK.split(old)
    lines, breaks = parts[::2], parts[1::2]
    new = text.split("\n")
    usual = Counter(breaks).most_common(1)[0][0]
    made = [usual] * (len(new) - 1)
    for before, after in _pairs(lines, new):
        if before < len(breaks) and after < len(made):
            made[after] = breaks[before]
    for place in range(1, len(made)):
        if (made[place - 1], new[place], made[place]) == ("\r", "", "\n"):
            made[place] = "\r"  # together they would be one
    return "".join(line + end for line, end in zip(new, [*made, ""], strict=True))


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of each old line and of the new line that it became."""
    start, end = 0, 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield from ((n, n) for n in range(start))
    left, right = start, start
    for a, b in [*_anchors(old, new, start, end), (len(old) - end, len(new) - end)]:
        yield from _between(old, new, (left, a), (right, b))
        left, right = a, b
    yield from ((len(old) - n, len(new) - n) for n in range(1, end + 1))


def _between(
    old: Sequence[str], new: Sequence[str], left: tuple[int, int], right: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    before, after = old[slice(*left)], new[slice(*right)]
    if len(before) * len(after) > MOST_PAIRS:
        blocks = [("replace", 0, len(before), 0, len(after))]
    else:
        blocks = list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
    for _, a, a_end, b, b_end in blocks:  # what was only added or only removed has no pair
        yield from ((left[0] + a + n, right[0] + b + n) for n in range(min(a_end - a, b_end - b)))


def _anchors(old: Sequence[str], new: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Return the places of lines that both have once in their middles: the longest run that is in both one's order."""
    places = _singles(new[start : len(new) - end])
    both = [(at, places[line]) for line, at in _singles(old[start : len(old) - end]).items() if line in places]
    tails: list[int] = []  # of runs by their length: the place in `new` that each ends with
    ends: list[int] = []
    earlier: list[int] = []
    for number, (_, place) in enumerate(both):
        length = bisect_left(tails, place)
        earlier.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    run = []
    number = ends[-1] if ends else -1
    while number >= 0:
        run.append((start + both[number][0], start + both[number][1]))
        number = earlier[number]
    return run[::-1]


def _singles(lines: Sequence[str]) -> dict[str, int]:
    counted = Counter(lines)
    return {line: place for place, line in enumerate(lines) if counted[line] == 1}
