"""Rows as HTML: written here and not in a template, because a page has thousands of cells and nothing else to wait for.

Every text of a cell goes through `escape`, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString

from mathesar.explorer.cells import BYTES, Cell
from mathesar.explorer.columns import Column

_FIXED = {
    "null": '<span class="mark-word">NULL</span>',
    "empty": '<span class="mark-word" title="A text without characters">empty</span>',
}


def rows_html(
    rows: Iterable[Sequence[Cell]], columns: Sequence[Column], links: Sequence[tuple[str, str]] = ()
) -> SafeString:
    """Return the rows as `<tr>`s, numbers with a class of their own.

    `links` are the path of each row's page and what the row is called; without them there is no such column.
    """
    starts = ['<td class="number">' if each.numeric else "<td>" for each in columns]
    lines = [
        "<tr>" + "".join([f"{start}{_cell(*cell)}</td>" for start, cell in zip(starts, row, strict=True)]) + "</tr>"
        for row in rows
    ]
    if links:
        lines = [f"<tr>{_link(*link)}{line[4:]}" for link, line in zip(links, lines, strict=True)]
    return SafeString("\n".join(lines))  # each cell is escaped below


def _link(path: str, name: str) -> str:
    if not path:
        return "<td></td>"
    return f'<td class="row-link"><a href="{escape(path)}">Edit<span class="hidden"> row {escape(name)}</span></a></td>'


def _cell(text: str, mark: str, size: int) -> str:
    if not mark:
        return escape(text)
    if mark == "cut":
        return f'{escape(text)}<span class="mark-word" title="Only the beginning is shown">… cut</span>'
    if mark == "bytes":
        dots = "…" if size > BYTES else ""
        return f'<code>{escape(text)}{dots}</code> <span class="mark-word">{size_words(size)}</span>'
    if mark == "large":
        return f'<span class="mark-word" title="Too large to be shown here">{size_words(size)} stored</span>'
    return _FIXED[mark]


def size_words(size: int) -> str:
    """Return a number of bytes in words: `17 bytes`, `4.0 kB`, `50 MB`."""
    amount, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"
