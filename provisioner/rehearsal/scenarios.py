"""What platforms do to an app, each in a few lines. A scenario gets a session whose first release is healthy."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from provisioner.findings import finding

from .session import DOMAIN
from .timeline import Failed
from .visitor import Visitor
from .wanted import OfDatabase
from .witness import Witness

if TYPE_CHECKING:
    from .session import Session
    from .wanted import Wanted

DATABASE = "a database"  # as a need; any other is the name of a variable
Play = Callable[["Session", Witness], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: its name, what it shows in a sentence, what it does, and what the app has to read for it."""

    name: str
    shows: str
    play: Play
    needs: str = ""

    def unfit(self, wanted: Wanted) -> str:
        """Return why this is not for a foreign app with such a manifest; empty where it is. Mathesar reads them all."""
        if self.needs == DATABASE:
            found = any(isinstance(origin, OfDatabase) for origin in wanted.envs.values())
            return "" if found else "not for this app: its manifest hands it nothing of a database"
        if self.needs and self.needs not in wanted.envs:
            return f"not for this app: its manifest does not name {self.needs}"
        return ""


SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str, needs: str = "") -> Callable[[Play], Play]:
    """Register a scenario under its name; its docstring says what it shows."""

    def register(play: Play) -> Play:
        SCENARIOS[name] = Scenario(name, (play.__doc__ or "").strip(), play, needs)
        return play

    return register


def _plant(session: Session, witness: Witness) -> None:
    with session.timeline.step("first sign-in") as step:
        step.detail = witness.plant(session)


def _look(session: Session, witness: Witness, words: str = "nothing is lost") -> None:
    with session.timeline.step(words) as step:
        step.detail = witness.look(session)


@scenario("first-deploy")
def first_deploy(session: Session, witness: Witness) -> None:
    """Press the button: the app is healthy, claimed with its code, and the managed database is there."""
    _plant(session, witness)


@scenario("second-deploy")
def second_deploy(session: Session, witness: Witness) -> None:
    """Deploy again: the disk is wiped, and nothing is lost, people stay signed in."""
    _plant(session, witness)
    session.deploy()
    _look(session, witness)


@scenario("scale")
def scale(session: Session, witness: Witness) -> None:
    """Start three instances at once: they agree, and each of them serves."""
    _plant(session, witness)
    session.deploy(instances=3)
    for _ in range(3):
        _look(session, witness, "another instance answers")


@scenario("rotate-credentials")
def rotate_credentials(session: Session, witness: Witness) -> None:
    """The platform changes the database's password and restarts the app with the new one."""
    _plant(session, witness)
    with session.timeline.step("the password changes"):
        session.role = session.server.rotate(session.role)
    session.deploy()
    if session.environ(0).get("SECRET_KEY"):
        _look(session, witness)
        return
    # A key of the app's own lies wrapped under the old password: people sign in anew, and lose nothing else.
    with session.timeline.step("signing in anew") as step:
        step.detail = witness.look(session, signed_in=False)


@scenario("database-restart")
def database_restart(session: Session, witness: Witness) -> None:
    """The database is restarted under the running app: it answers again without a deploy."""
    _plant(session, witness)
    with session.timeline.step("the database restarts"):
        session.gate.closed = True
        session.gate.cut()
        session.server.stop()
        session.server.launch()
        session.gate.closed = False
    _eventually(session, witness, 30)


@scenario("slow-database")
def slow_database(session: Session, witness: Witness) -> None:
    """Every answer of the database takes 50 ms more: the deploy still passes."""
    _plant(session, witness)
    session.gate.delay = 0.05
    session.deploy()
    _look(session, witness)
    session.gate.delay = 0.0


@scenario("attach-second-database", needs="MATHESAR_DATABASES")
def attach(session: Session, witness: Witness) -> None:
    """A second database is named in the environment: it is shown, and the first one stays."""
    _plant(session, witness)
    _attach(session)
    _look(session, witness)
    _listed(session, witness, "Second", there=True)


@scenario("detach-database", needs="MATHESAR_DATABASES")
def detach(session: Session, witness: Witness) -> None:
    """The second database's variable is removed again: the app serves, and nothing else is lost."""
    _plant(session, witness)
    _attach(session)
    session.changed["MATHESAR_DATABASES"] = None
    session.deploy()
    _look(session, witness)


@scenario("wrong-variable", needs=DATABASE)
def wrong_variable(session: Session, witness: Witness) -> None:
    """A typo in a variable: the deploy fails with the finding, and the old release still serves."""
    _plant(session, witness)
    environ = session.environ(0)
    held = [name for name, origin in session.wanted.envs.items() if isinstance(origin, OfDatabase) and name in environ]
    name = "DATABASE_URL" if "DATABASE_URL" in held or not held else held[0]
    value = environ.get(name, "")
    session.changed[name] = value.replace("://", ":/", 1) if "://" in value else f"{value}x"
    _refused(session, "the typo stops the deploy")
    _look(session, witness, "the old release still serves")


@scenario("key-changed", needs="SECRET_KEY")
def key_changed(session: Session, witness: Witness) -> None:
    """SECRET_KEY is another one: the app serves, and the superuser can sign in."""
    _plant(session, witness)
    made = "SECRET_KEY" in session.generated  # else the app has made one of its own, and gets another from outside
    session.changed["SECRET_KEY"] = session.make_another("SECRET_KEY") if made else token_urlsafe(48)
    session.deploy()
    with session.timeline.step("signing in anew") as step:
        step.detail = witness.look(session, signed_in=False)


@scenario("rollback")
def rollback(session: Session, witness: Witness) -> None:
    """The release before takes over again, on the schema that the later one has prepared."""
    _plant(session, witness)
    session.deploy()
    session.deploy()
    _look(session, witness)


@scenario("custom-domain", needs="ALLOWED_HOSTS")
def custom_domain(session: Session, witness: Witness) -> None:
    """A domain of one's own: the app answers under it once ALLOWED_HOSTS names it."""
    _plant(session, witness)
    session.changed["ALLOWED_HOSTS"] = ",".join(filter(None, [session.environ(0).get("ALLOWED_HOSTS"), DOMAIN]))
    session.deploy()
    with session.timeline.step("the domain answers") as step:
        page = Visitor(DOMAIN, session.edge.port, session.edge_certificate).visit("/")
        step.detail = f"https://{DOMAIN} answers {page.status}"
        if page.status >= 400:
            raise Failed(step.detail, finding("health-refused", "ALLOWED_HOSTS", said=step.detail))


@scenario("out-of-memory")
def out_of_memory(session: Session, witness: Witness) -> None:
    """The plan is too small: the platform ends the instance, and the old release still serves."""
    _plant(session, witness)
    session.wanted = replace(session.wanted, memory_mb=24)
    _refused(session, "the kernel ends what does not fit")
    _look(session, witness, "the old release still serves")


@scenario("shutdown-under-load")
def shutdown_under_load(session: Session, witness: Witness) -> None:
    """A deploy while people work: no request fails, and the old release ends in its window."""
    _plant(session, witness)
    load = _Load(session)
    with load:
        session.deploy()
    with session.timeline.step("no request failed") as step:
        step.detail = f"{load.answered} requests, {load.failed} failed"
        if load.failed or not load.answered:
            raise Failed(step.detail)


class _Load:
    """Four people who open the sign-in page again and again."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.answered = self.failed = 0
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
                good = visitor.visit("/").status < 500
            except OSError:
                good = False
            self.answered += good
            self.failed += not good


def _attach(session: Session) -> None:
    with session.timeline.step("a second database") as step:
        second = session.server.make_role("second", "second", session.habits.privileges)
        session.changed["MATHESAR_DATABASES"] = f"(Second|{session.url_of(second)})"
        step.detail = "named in MATHESAR_DATABASES"
    session.deploy()


def _listed(session: Session, witness: Witness, words: str, *, there: bool) -> None:
    visitor = getattr(witness, "visitor", None)
    if visitor is None:  # a foreign app has no list
        return
    with session.timeline.step("the list shows it") as step:
        if (words in visitor.visit("/databases/").body) != there:
            raise Failed("the list of databases does not show it")
        step.detail = "in the list"


def _refused(session: Session, words: str) -> None:
    try:
        with session.timeline.expecting():
            session.deploy()
    except Failed as problem:
        with session.timeline.step(words) as step:
            step.detail = ", ".join(item.code for item in problem.findings) or str(problem)
        return
    with session.timeline.step(words):
        raise Failed("the deploy went through")


def _eventually(session: Session, witness: Witness, seconds: float) -> None:
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
