"""Numbers of rows in words that promise no more than is known."""

from __future__ import annotations


def rounded(estimate: int) -> str:
    """Return an estimate with no more digits than it can be trusted for: 1234567 is `1,230,000`."""
    places = max(0, len(str(estimate)) - 3)
    return f"{round(estimate, -places):,}"


def about(estimate: int | None) -> str:
    """Return an estimated number of rows, None where nobody ever counted."""
    if estimate is None:
        return "rows not counted yet"
    return "about 1 row" if estimate == 1 else f"about {rounded(estimate)} rows"


def exactly(number: int) -> str:
    """Return a counted number of rows."""
    return "no rows" if number == 0 else f"{number:,} row{'' if number == 1 else 's'}"
