"""What platforms do to an app, each in a few lines. A scenario gets a session whose first release is healthy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from provisioner.findings import finding

from .acts import Load, attach, eventually, listed, look, migrate_ahead, plant, refused
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


@scenario("first-deploy")
def first_deploy(session: Session, witness: Witness) -> None:
    """Press the button: the app is healthy, claimed with its code, and the managed database is there."""
    plant(session, witness)


@scenario("second-deploy")
def second_deploy(session: Session, witness: Witness) -> None:
    """Deploy again: the disk is wiped, and nothing is lost, people stay signed in."""
    plant(session, witness)
    session.deploy()
    look(session, witness)


@scenario("scale")
def scale(session: Session, witness: Witness) -> None:
    """Start three instances at once: they agree, and each of them serves."""
    plant(session, witness)
    session.deploy(instances=3)
    for _ in range(3):
        look(session, witness, "another instance answers")


@scenario("rotate-credentials")
def rotate_credentials(session: Session, witness: Witness) -> None:
    """The platform changes the database's password and restarts the app with the new one."""
    plant(session, witness)
    with session.timeline.step("the password changes"):
        session.role = session.server.rotate(session.role)
    session.deploy()
    if session.environ(0).get("SECRET_KEY"):
        look(session, witness)
        return
    # A key of the app's own lies wrapped under the old password: people sign in anew, and lose nothing else.
    with session.timeline.step("signing in anew") as step:
        step.detail = witness.look(session, signed_in=False)


@scenario("database-restart")
def database_restart(session: Session, witness: Witness) -> None:
    """The database is restarted under the running app: it answers again without a deploy."""
    plant(session, witness)
    with session.timeline.step("the database restarts"):
        session.gate.closed = True
        session.gate.cut()
        session.server.stop()
        session.server.launch()
        session.gate.closed = False
    eventually(session, witness, 30)


@scenario("slow-database")
def slow_database(session: Session, witness: Witness) -> None:
    """Every answer of the database takes 50 ms more: the deploy still passes."""
    plant(session, witness)
    session.gate.delay = 0.05
    session.deploy()
    look(session, witness)
    session.gate.delay = 0.0


@scenario("attach-second-database", needs="MATHESAR_DATABASES")
def attach_second(session: Session, witness: Witness) -> None:
    """A second database is named in the environment: it is shown, and the first one stays."""
    plant(session, witness)
    attach(session)
    look(session, witness)
    listed(session, witness, "Second", there=True)


@scenario("detach-database", needs="MATHESAR_DATABASES")
def detach_second(session: Session, witness: Witness) -> None:
    """The second database's variable is removed again: the app serves, and nothing else is lost."""
    plant(session, witness)
    attach(session)
    session.changed["MATHESAR_DATABASES"] = None
    session.deploy()
    look(session, witness)


@scenario("wrong-variable", needs=DATABASE)
def wrong_variable(session: Session, witness: Witness) -> None:
    """A typo in a variable: the deploy fails with the finding, and the old release still serves."""
    plant(session, witness)
    environ = session.environ(0)
    held = [name for name, origin in session.wanted.envs.items() if isinstance(origin, OfDatabase) and name in environ]
    name = "DATABASE_URL" if "DATABASE_URL" in held or not held else held[0]
    value = environ.get(name, "")
    session.changed[name] = value.replace("://", ":/", 1) if "://" in value else f"{value}x"
    refused(session, "the typo stops the deploy")
    look(session, witness, "the old release still serves")


@scenario("key-changed", needs="SECRET_KEY")
def key_changed(session: Session, witness: Witness) -> None:
    """SECRET_KEY is another one: the app serves, and the superuser can sign in."""
    plant(session, witness)
    made = "SECRET_KEY" in session.generated  # else the app has made one of its own, and gets another from outside
    session.changed["SECRET_KEY"] = session.make_another("SECRET_KEY") if made else token_urlsafe(48)
    session.deploy()
    with session.timeline.step("signing in anew") as step:
        step.detail = witness.look(session, signed_in=False)


@scenario("rollback")
def rollback(session: Session, witness: Witness) -> None:
    """The release before takes over again, on the schema that the later one has prepared."""
    plant(session, witness)
    session.deploy()
    with session.timeline.step("a later migration") as step:
        step.detail = migrate_ahead(session)
    session.deploy()
    look(session, witness)


@scenario("custom-domain", needs="ALLOWED_HOSTS")
def custom_domain(session: Session, witness: Witness) -> None:
    """A domain of one's own: the app answers under it once ALLOWED_HOSTS names it."""
    plant(session, witness)
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
    plant(session, witness)
    session.wanted = replace(session.wanted, memory_mb=24)
    refused(session, "the kernel ends what does not fit")
    look(session, witness, "the old release still serves")


@scenario("shutdown-under-load")
def shutdown_under_load(session: Session, witness: Witness) -> None:
    """A deploy while people work: no request fails, and the old release ends in its window."""
    plant(session, witness)
    load = Load(session)
    with load:
        session.deploy()
    with session.timeline.step("no request failed") as step:
        step.detail = f"{load.answered} requests, {load.failed} failed"
        if load.failed or not load.answered:
            raise Failed(step.detail, log=load.log[:5])
