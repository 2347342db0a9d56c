"""Moving an install to its present key: the stored connections first, what start-up keeps last.

A killed rotation leaves the canary of the earlier key, so the next one knows that there is something left.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from mathesar.boot import keys, store
from mathesar.boot.console import say

if TYPE_CHECKING:
    from mathesar.connections.rotation import Rotation

LINES_EVERY = 1000  # rows between lines where the output is not a terminal


def is_due(ring: keys.KeyRing, row: store.BootRow) -> bool:
    """Tell whether start-up itself moves to the present key.

    It does where SECRET_KEY took the place of a wrapped key, and where nothing is left but its own note. An
    ordinary rotation waits for `mathesar rotate-key`: replicas of the earlier release may not know the new key yet.
    """
    if ring.outgrown:
        return True
    if ring.state(row) != "rotation-pending":
        return False
    from mathesar.connections.rotation import pending

    return not pending().exists()


def finish(opened: store.Store, ring: keys.KeyRing, *, show: bool = False) -> Rotation:
    """Seal anew what an earlier key sealed, note that the database is the present key's, and drop a wrapped one."""
    from mathesar.connections.rotation import rotate

    done = rotate(_progress() if show else lambda done, total: None)
    if ring.state(opened.read()) == "rotation-pending":
        opened.save(canary=ring.new_canary())
    if ring.outgrown:
        opened.save(wrapped_key=None)
    return done


def _progress() -> Callable[[int, int], None]:
    """Return a function that shows how far it is: on one line of a terminal, now and then elsewhere."""
    last = 0

    def show(done: int, total: int) -> None:
        nonlocal last
        if sys.stdout.isatty():
            sys.stdout.write(f"\rRotating: {done} of {total} connections")
            sys.stdout.write("\n" if done >= total else "")
            sys.stdout.flush()
        elif done - last >= LINES_EVERY or (done == total and total):
            last = done
            say(f"Rotated {done} of {total} connections.")

    return show
