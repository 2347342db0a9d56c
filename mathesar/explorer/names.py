"""Names of other people's tables and columns: composed into SQL safely, and shown as what they are."""

from __future__ import annotations

from psycopg import sql

LONGEST_BYTES = 63  # PostgreSQL cuts longer names off, and would then mean another object
# Characters that turn the direction of the text around them: a name could make itself look like another one.
_TURNING = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C], "\N{REPLACEMENT CHARACTER}"
)
_VISIBLE = {**{code: chr(0x2400 + code) for code in range(32)}, 127: "\N{SYMBOL FOR DELETE}", **_TURNING}


def identifier(*names: str) -> sql.Identifier:
    """Return names as an SQL identifier for statements that are executed with parameters.

    psycopg reads a `%` everywhere in such a statement, also inside quotes; doubled, it means itself.

    Raises:
        ValueError: PostgreSQL cannot have a name like that.
    """
    for name in names:
        if not name or "\0" in name or len(name.encode()) > LONGEST_BYTES:
            raise ValueError("not a name that PostgreSQL can have")
    return sql.Identifier(*(name.replace("%", "%%") for name in names))


def quoted(*names: str) -> str:
    """Return names as a person would write them in SQL, always in double quotes."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def shown(name: str) -> str:
    """Return a name for a page or a message: control characters as their symbols, nothing that turns the text."""
    return name.translate(_VISIBLE)
