"""What these commands say: on standard error, because a backup may be going to standard output."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable

from provisioner.findings import Finding
from provisioner.terminal import width

ROWS_EVERY = 500  # rows between two looks of the counter


def tell(text: str) -> None:
    """Write one paragraph, wrapped; a reader that has gone away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(textwrap.fill(text, width(), break_long_words=False, break_on_hyphens=False), file=sys.stderr, flush=True)


def tell_finding(item: Finding) -> None:
    """Write what a finding says and what to do."""
    tell(f"{item} {item.hint}")


def counter(verb: str, total: int) -> Callable[[int], None]:
    """Return a function that shows how many rows are done, on one line of a terminal and nowhere else."""

    def show(done: int) -> None:
        if sys.stderr.isatty() and (done == total or done % ROWS_EVERY == 0):
            sys.stderr.write(f"\r{verb}: {done:,} of {total:,} rows" + "\n" * (done == total))
            sys.stderr.flush()

    return show
