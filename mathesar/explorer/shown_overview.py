"""The overview as its page shows it: tables grouped by schema, and the words and links around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from mathesar.explorer.catalog import Filter, Overview, RelationEntry, SchemaEntry
from mathesar.explorer.names import shown

PRESET = "standard public schema"  # the comment that every database is made with
MANY = 12  # tables: where there are no more, a box to filter them is only in the way


@dataclass(frozen=True)
class SchemaGroup:
    """One schema with those of its tables and views that are on this page."""

    label: str
    comment: str
    relations: list[RelationEntry]


@dataclass(frozen=True)
class ShownOverview:
    """What `seen` holds; `cursor` leads to the next tables."""

    seen: Overview
    chosen: Filter
    cursor: str | None

    @cached_property
    def groups(self) -> list[SchemaGroup]:
        """The tables of this page by schema."""
        comments = {each.name: each.comment for each in self.seen.schemas if each.comment != PRESET}
        return [
            SchemaGroup(shown(name), comments.get(name, ""), list(relations))
            for name, relations in groupby(self.seen.relations, key=lambda relation: relation.schema)
        ]

    @property
    def total(self) -> int:
        """How many tables and views the database has, whatever the filter."""
        return sum(schema.tables for schema in self.seen.schemas)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a filter leaves some out."""
        return bool(self.chosen.text) or self.chosen.schema is not None

    @property
    def is_filterable(self) -> bool:
        """Tell whether there is enough to filter."""
        return self.is_narrowed or self.total > MANY

    @property
    def schemas(self) -> list[SchemaEntry]:
        """The schemas to choose from: those with tables, where there are several."""
        filled = [schema for schema in self.seen.schemas if schema.tables or schema.oid == self.chosen.schema]
        return filled if len(filled) > 1 or self.chosen.schema is not None else []

    @property
    def summary(self) -> str:
        """How much there is, in a sentence."""
        total, found = self.total, self.seen.found
        if self.is_narrowed:
            return f"{found:,} of {_tables(total)}."
        return f"{_tables(total)}." if total else ""

    @property
    def first_query(self) -> str:
        """The query of the first page with the same filter."""
        chosen = {"q": self.chosen.text, "schema": self.chosen.schema}
        return urlencode({name: value for name, value in chosen.items() if value})

    @property
    def next_query(self) -> str:
        """The query of the next page, empty where there is none."""
        if not self.cursor:
            return ""
        return "&".join(filter(None, [self.first_query, urlencode({"after": self.cursor})]))


def _tables(number: int) -> str:
    return f"{number:,} table or view" if number == 1 else f"{number:,} tables and views"
