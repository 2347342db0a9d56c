"""What these commands say: on standard error, because a backup may be going to standard output."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable

from provisioner.findings import Finding
from provisioner.terminal import width

ROWS_EVERY = 500  # between two looks of the counter


def tell(text: str) -> None:
    """Write one paragraph, wrapped; a reader that has gone away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(textwrap.fill(text, width(), break_long_words=False, break_on_hyphens=False), file=sys.stderr, flush=True)


def tell_finding(item: Finding) -> None:
    """Write what a finding says and what to do."""
    tell(f"{item} {item.hint}")


def counter(verb: str, total: int | None = None) -> Callable[[int], None]:
    """Return a function that shows how many rows are done, on one line of a terminal and nowhere else."""
    of = f" of {total:,}" if total is not None else ""

    def show(done: int, *, last: bool = False) -> None:
        if sys.stderr.isatty() and (last or done % ROWS_EVERY == 0):
            sys.stderr.write(f"\r{verb}: {done:,}{of} rows")
            sys.stderr.write("\n" if done == total else "")
            sys.stderr.flush()

    return show
