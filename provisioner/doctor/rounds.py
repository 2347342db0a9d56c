"""Looking at every database of a plan, several at once, within a bounded time."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence

from provisioner.doctor.diagnosis import Diagnosis, complaint
from provisioner.doctor.examination import Sight, diagnosis, look
from provisioner.doctor.subject import Subject

AT_ONCE = 8
LIMIT_SECONDS = 90.0


def diagnose_all(
    subjects: Sequence[Subject],
    *,
    seconds: float = LIMIT_SECONDS,
    progress: Callable[[int], None] | None = None,
) -> list[Diagnosis]:
    """Look at the databases, at most `AT_ONCE` at a time; those not done after `seconds` say so.

    `progress` is told how many are done, in the caller's thread.
    """
    for name in [name for name in os.environ if name.startswith("PG")]:
        os.environ.pop(name, None)  # libpq's variables, before there are threads that read the environment
    waiting: queue.SimpleQueue[tuple[int, Subject]] = queue.SimpleQueue()
    for numbered in enumerate(subjects):
        waiting.put(numbered)
    done: queue.SimpleQueue[tuple[int, Sight | Exception]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                number, subject = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, look(subject)))
            except Exception as fault:  # ours; the caller raises it
                done.put((number, fault))

    for _ in range(min(AT_ONCE, len(subjects))):
        threading.Thread(target=work, name="doctor", daemon=True).start()
    seen = _collect(done, len(subjects), time.monotonic() + seconds, progress)
    sights = [seen.get(number) or _unfinished(subject) for number, subject in enumerate(subjects)]
    return [diagnosis(one, sights) for one in sights]


def _collect(
    done: queue.SimpleQueue[tuple[int, Sight | Exception]],
    count: int,
    end: float,
    progress: Callable[[int], None] | None,
) -> dict[int, Sight]:
    seen: dict[int, Sight] = {}
    while len(seen) < count:
        try:
            number, sight = done.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(sight, Exception):
            raise sight
        seen[number] = sight
        if progress is not None:
            progress(len(seen))
    return seen


def _unfinished(subject: Subject) -> Sight:
    return Sight(subject, (complaint("session", "not looked at in time", subject.finding("doctor-unfinished")),))
