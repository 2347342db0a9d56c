"""A row's place, and what was found and tried there: what the pages that change rows are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from psycopg import sql

from mathesar.explorer.columns import KeyPart
from mathesar.explorer.errors import BrowsingProblem
from mathesar.explorer.fields import Field
from mathesar.explorer.kept import Held
from mathesar.explorer.relation import Relation
from mathesar.explorer.transaction import Row
from mathesar.explorer.values import Value, read_values, rest_expression, value_expression
from mathesar.explorer.wishes import Wish
from provisioner.findings import Finding


@dataclass(frozen=True)
class Place:
    """A row's table, columns after the first `skip`, and key; no key's values for a new row.

    `key_of` is the digest of the key's columns that these are the values of.
    """

    oid: int
    skip: int = 0
    key: tuple[str, ...] = ()
    key_of: str = ""


@dataclass
class Attempt:
    """What was found and tried; `problem` says why nothing was changed, `faults` by columns' numbers.

    `values` is the row as it is now, `changed` the numbers of columns that somebody else changed meanwhile.
    `tried` tells that something was written, `held` what the database then held in columns instead of what was typed;
    None where that cannot be told.
    """

    relation: Relation
    key: tuple[KeyPart, ...]
    fields: tuple[Field, ...]
    values: dict[int, Value] | None = None
    wishes: dict[int, Wish] = field(default_factory=dict)
    changed: frozenset[int] = frozenset()
    problem: BrowsingProblem | None = None
    faults: Mapping[int, Finding] = field(default_factory=dict)
    tried: bool = False
    saved: bool = False
    held: tuple[Held, ...] | None = ()
    others: tuple[str, ...] = ()

    @property
    def readable(self) -> list[Field]:
        """The columns that the role may select."""
        return [each for each in self.fields if each.readable]

    @property
    def expressions(self) -> list[sql.Composable]:
        """What is asked for of its row: the columns that may be read, and a digest of `others`, which it has not."""
        stored = self.relation.stored
        expressions: list[sql.Composable] = [value_expression(each, stored) for each in self.readable]
        return [*expressions, rest_expression(self.others, stored)] if self.others else expressions

    def read(self, rows: list[Row]) -> dict[int, Value] | None:
        """Return the one row's values by their columns' numbers, None where it is not there."""
        return read_values(self.readable, rows[0]) if len(rows) == 1 else None


def digest_of(names: Iterable[str]) -> str:
    """Return what tells one key's columns from another's."""
    return hashlib.sha256(json.dumps(list(names)).encode()).hexdigest()[:16]
