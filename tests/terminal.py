"""A command at a terminal: what a person sees of it, and answers."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds without a word


def at_terminal(
    command: Sequence[str], environ: Mapping[str, str] | None = None, answers: Sequence[tuple[str, str]] = ()
) -> tuple[int, str]:
    """Run a command with a terminal for everything; return its exit status and all that was shown.

    `answers` are (prompt, answer), each typed with Enter once its prompt was shown after the one before.
    """
    ours, theirs = pty.openpty()
    shown, waiting = b"", list(answers)
    base = {"PATH": os.environ["PATH"], "TERM": "xterm"}
    with subprocess.Popen(
        command, cwd=ROOT, env=base | dict(environ or {}), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        answered = 0
        while True:
            if waiting and (at := shown.find(waiting[0][0].encode(), answered)) >= 0:
                answered = at + 1
                os.write(ours, f"{waiting.pop(0)[1]}\n".encode())
            assert select.select([ours], [], [], PATIENCE)[0], shown
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says EIO when the other end is closed
                break
            if not piece:
                break
            shown += piece
        status = process.wait(PATIENCE)
    os.close(ours)
    assert not waiting, shown
    return status, shown.decode()
