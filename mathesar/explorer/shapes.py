"""What is remembered of tables between the pages of one person's reading, so that the next rows take one round trip.

A shape is used only with its stamp: PostgreSQL's own row versions of everything that it was read from, asked for
after the rows in their transaction, while its lock on the table keeps the definition as it is. What a role may read
is not remembered: the server decides that with every SELECT.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from mathesar.explorer.columns import Column
from mathesar.explorer.relation import Relation
from mathesar.explorer.rows import Order
from mathesar.explorer.transaction import Question

MOST = 256  # tables; nothing but names is remembered

Key = tuple[UUID, int, int, int]  # a database, the version of its row, a table's OID, its first column shown


@dataclass(frozen=True)
class Shape:
    """One table as it was when its stamp was this."""

    relation: Relation
    columns: tuple[Column, ...]
    order: Order
    stamp: str


class Shapes:
    """The shapes that were used last; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, Shape] = OrderedDict()

    def get(self, key: Key) -> Shape | None:
        """Return what is remembered."""
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found

    def put(self, key: Key, shape: Shape) -> None:
        """Remember a shape, and forget the one that was not used for longest."""
        with self._lock:
            self._known[key] = shape
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def stamp_question(oid: int) -> Question:
    """Return the question for a table's stamp."""
    return Question(_STAMP, (oid,))


_STAMP = """
SELECT pg_catalog.concat_ws(' ', current_user, n.xmin, c.xmin, c.relhassubclass,
    (SELECT pg_catalog.string_agg(a.xmin::text, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0),
    (SELECT pg_catalog.string_agg(i.indexrelid::text || ':' || i.xmin::text, ',' ORDER BY i.indexrelid)
        FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid))
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = %s
"""
