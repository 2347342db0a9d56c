"""A table as its page shows it: the words and links around the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from mathesar.explorer.columns import PAGE as COLUMNS
from mathesar.explorer.columns import Column
from mathesar.explorer.edit_row import why_not
from mathesar.explorer.errors import BrowsingProblem
from mathesar.explorer.grid import rows_html
from mathesar.explorer.names import shown
from mathesar.explorer.numbers import about, exactly
from mathesar.explorer.relation import Relation
from mathesar.explorer.rows import COUNT_LIMIT
from mathesar.explorer.table import Table

NAME = 60  # characters of a key that a link is named by


@dataclass(frozen=True)
class ShownTable:
    """What `table` saw from column `skip` on; `cursor` leads to the next rows; `later` is any page but the first.

    For somebody who may edit, `links` lead to the rows' pages, and `fixed` says why nothing can be changed.
    """

    table: Table
    skip: int
    cursor: str | None
    later: bool
    links: Sequence[str] = ()
    may_edit: bool = False
    fixed: BrowsingProblem | None = None

    @property
    def relation(self) -> Relation:
        """The table or view itself."""
        return self.table.relation

    @property
    def columns(self) -> list[Column]:
        """The columns of the grid."""
        return self.table.readable

    @property
    def rows(self) -> SafeString:
        """The rows as HTML."""
        page = self.table.page
        if page is None:
            return SafeString("")
        names = [shown(", ".join(key))[:NAME] for key in page.keys] if self.links else []
        return rows_html(page.rows, self.columns, list(zip(self.links, names, strict=True)))

    @property
    def can_add(self) -> bool:
        """Tell whether a row can be added."""
        return self.may_edit and why_not(self.relation, False, "insert") is None

    @property
    def number(self) -> int:
        """How many rows this page has."""
        return len(self.table.page.rows) if self.table.page else 0

    @property
    def is_cut_off(self) -> bool:
        """Tell whether there are more rows, to which no link leads."""
        return bool(self.table.page and self.table.page.more and not self.cursor)

    @property
    def size(self) -> str:
        """How many rows there are, as well as it is known, in words."""
        page, count = self.table.page, self.table.count
        if count is not None:
            return f"over {COUNT_LIMIT:,} rows" if count > COUNT_LIMIT else exactly(count)
        if page and not page.more and not self.later:
            return exactly(len(page.rows))
        return "" if self.relation.kind == "view" or not self.columns else about(self.relation.estimate)

    @property
    def is_countable(self) -> bool:
        """Tell whether counting would add anything."""
        page = self.table.page
        return page is not None and self.table.count is None and (page.more or self.later)

    @property
    def kind(self) -> str:
        """What it is, as the beginning of a sentence."""
        return self.relation.kind.capitalize()

    @property
    def schema(self) -> str:
        """The schema's name as a page shows it."""
        return shown(self.relation.schema)

    @property
    def hidden_columns(self) -> list[Column]:
        """The columns that the role may not read, where it may read others."""
        return [each for each in self.table.columns if not each.readable] if self.columns else []

    @property
    def count_query(self) -> str:
        """The query of this page with its rows counted."""
        return urlencode({"count": 1, **({"columns": self.skip} if self.skip else {})})

    @property
    def columns_from(self) -> int:
        """The place of the first column shown, from 1."""
        return self.skip + 1

    @property
    def columns_to(self) -> int:
        """The place of the last column shown."""
        return self.skip + len(self.table.columns)

    @property
    def earlier_columns(self) -> str:
        """The query of the page with the columns before these, empty where there are none."""
        return urlencode({"columns": max(0, self.skip - COLUMNS)}) if self.skip else ""

    @property
    def later_columns(self) -> str:
        """The query of the page with the columns after these, empty where there are none."""
        return urlencode({"columns": self.columns_to}) if self.columns_to < self.relation.columns else ""

    @property
    def next_query(self) -> str:
        """The query of the page with the next rows, empty where no link leads there."""
        if not self.cursor:
            return ""
        return urlencode({"after": self.cursor, **({"columns": self.skip} if self.skip else {})})
