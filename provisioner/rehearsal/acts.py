"""What scenarios are made of: single acts, each one step of the timeline."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from .timeline import Failed
from .visitor import Visitor
from .witness import Witness

if TYPE_CHECKING:
    from .session import Session


def plant(session: Session, witness: Witness) -> None:
    """Have the witness make something that must last."""
    with session.timeline.step("first sign-in") as step:
        step.detail = witness.plant(session)


def look(session: Session, witness: Witness, words: str = "nothing is lost") -> None:
    """Have the witness look for it."""
    with session.timeline.step(words) as step:
        step.detail = witness.look(session)


class Load:
    """Four people who open the sign-in page again and again."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.answered = self.failed = 0
        self.log: list[str] = []  # how requests failed
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(4)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        visitor = Visitor(self.session.host, self.session.edge.port, self.session.edge_certificate)
        while not self._end.is_set():
            try:
                page = visitor.visit("/")
                good, words = page.status < 500, f"it answered {page.status}"
            except OSError as problem:
                good, words = False, str(problem) or type(problem).__name__
            self.answered += good
            self.failed += not good
            if not good:
                self.log.append(words)


def migrate_ahead(session: Session) -> str:
    """Leave what a later release leaves in Django's tables: a migration that this one does not know, and a column."""
    found = session.server.admin(
        "SELECT quote_ident(table_schema) FROM information_schema.tables WHERE table_name = 'django_migrations'",
        dbname=session.role.dbname,
    )
    for (schema,) in found:
        for statement in (
            f"INSERT INTO {schema}.django_migrations (app, name, applied)"  # noqa: S608 - quoted by PostgreSQL
            " VALUES ('contenttypes', '9999_later', now())",
            f"ALTER TABLE {schema}.django_migrations ADD COLUMN later text",
        ):
            session.server.admin(statement, dbname=session.role.dbname)
    return f"one that this release does not know, in {found[0][0]}" if found else "the app has no Django migrations"


def attach(session: Session) -> None:
    """Make a second database, name it in the environment, and deploy."""
    with session.timeline.step("a second database") as step:
        second = session.server.make_role("second", "second", session.habits.privileges)
        session.changed["MATHESAR_DATABASES"] = f"(Second|{session.url_of(second)})"
        step.detail = "named in MATHESAR_DATABASES"
    session.deploy()


def listed(session: Session, witness: Witness, words: str, *, there: bool) -> None:
    """Look whether Mathesar's list shows these words."""
    visitor = getattr(witness, "visitor", None)
    if visitor is None:  # a foreign app has no list
        return
    with session.timeline.step("the list shows it") as step:
        if (words in visitor.visit("/databases/").body) != there:
            raise Failed("the list of databases does not show it")
        step.detail = "in the list"


def refused(session: Session, words: str) -> None:
    """Deploy, and fail unless the deploy fails."""
    try:
        with session.timeline.expecting():
            session.deploy()
    except Failed as problem:
        with session.timeline.step(words) as step:
            step.detail = ", ".join(item.code for item in problem.findings) or str(problem)
        return
    with session.timeline.step(words):
        raise Failed("the deploy went through")


def eventually(session: Session, witness: Witness, seconds: float) -> None:
    """Wait until the witness finds everything, at most `seconds`."""
    with session.timeline.step("it answers again") as step:
        begun = time.monotonic()
        while True:
            try:
                words = witness.look(session)
            except (OSError, RuntimeError):
                if time.monotonic() - begun > seconds:
                    raise
                time.sleep(0.2)
            else:
                step.detail = f"after {time.monotonic() - begun:.1f} s: {words}"
                return
