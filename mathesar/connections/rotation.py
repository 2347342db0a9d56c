"""Sealing every stored connection anew under the present key, while people go on working.

In small transactions that skip rows which somebody edits at that moment; what was done stays done, so that a killed
rotation goes on where it was, and one that is run twice finds nothing to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mathesar.connections import keyring
from mathesar.connections.guard import changes_from_the_environment
from mathesar.connections.models import Database, Source

BATCH = 50
PAUSE = 0.05  # seconds, where every row left is in somebody's hands


@dataclass(frozen=True)
class Rotation:
    """What was done: rows sealed anew, and rows that no key opens, which stay as they are."""

    rotated: int
    locked: int


def pending() -> QuerySet[Database]:
    """Return the rows that another key sealed."""
    return Database.objects.filter(source=Source.PERSON).exclude(key_id=keyring.current_key_id())


def rotate(progress: Callable[[int, int], None] = lambda done, total: None) -> Rotation:
    """Seal anew what another key sealed; `progress` is told how many of how many are done."""
    total = pending().count()
    done = 0
    locked: set[UUID] = set()
    while True:
        count, more_locked = _batch(locked)
        done += count
        locked |= more_locked
        progress(done, total)
        if count or more_locked:
            continue
        if not pending().exclude(pk__in=locked).exists():
            return Rotation(done, len(locked))
        time.sleep(PAUSE)


def _batch(but: set[UUID]) -> tuple[int, set[UUID]]:
    locked: set[UUID] = set()
    changed = []
    with transaction.atomic():
        rows = pending().exclude(pk__in=but).order_by("pk").select_for_update(skip_locked=True)[:BATCH]
        for row in rows:
            try:
                columns = keyring.seal_for(row.pk, keyring.open_row(row))
            except keyring.Locked:
                locked.add(row.pk)
                continue
            for name, value in columns.items():
                setattr(row, name, value)
            changed.append(row)
        with changes_from_the_environment():  # none of them is from it; the guard would ask for each
            Database.objects.bulk_update(changed, ["key_id", "sealed", "fingerprint"])
    return len(changed), locked
