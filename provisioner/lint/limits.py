"""How much a manifest may hold: real ones have some hundred values, ten deep."""

from __future__ import annotations

from typing import Any

DEEPEST = 60
MOST = 50_000  # values; a few lines of YAML's aliases would otherwise multiply without end
TOO_DEEP, TOO_MANY = "it is nested too deeply", "it holds too many values"


def beyond(data: Any) -> str:
    """Return what plain data has too much of, in words; "" where all is within bounds.

    Nothing recursive may be done to what has not passed this.
    """
    pending, count = [(data, 0)], 0
    while pending:
        value, depth = pending.pop()
        count += 1
        if depth > DEEPEST:
            return TOO_DEEP
        if count > MOST:
            return TOO_MANY
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        pending += [(item, depth + 1) for item in inner]
    return ""
