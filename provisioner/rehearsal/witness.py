"""Who can tell after a deploy whether anything was lost: something is planted before, and looked for afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from .visitor import Visitor

if TYPE_CHECKING:
    from .session import Session

CODE = re.compile(r"Setup code: (\S+)")
PERSON = {"username": "rehearsal", "email": "rehearsal@example.org", "password": "Seven quiet harbours 1843"}


class Witness(Protocol):
    """Raises RuntimeError or OSError where something is not as it was."""

    def plant(self, session: Session) -> str:
        """Make something that must last; say what."""
        ...

    def look(self, session: Session, *, signed_in: bool = True) -> str:
        """Find it again; say what was seen. Without `signed_in`, sessions may have ended."""
        ...


class RowWitness:
    """Of any app: its own page answers, and a row in the database of the app is there."""

    def plant(self, session: Session) -> str:
        session.server.admin("CREATE TABLE rehearsal_witness (seen text)", dbname=session.role.dbname)
        session.server.admin("INSERT INTO rehearsal_witness VALUES ('before')", dbname=session.role.dbname)
        return f"a row planted; {self.page(session)}"

    def look(self, session: Session, *, signed_in: bool = True) -> str:
        rows = session.server.admin("SELECT seen FROM rehearsal_witness", dbname=session.role.dbname)
        if rows != [("before",)]:
            raise RuntimeError("the row that was there before is gone")
        return f"the row is there; {self.page(session)}"

    def page(self, session: Session) -> str:
        """Open the app's first page; 4xx is an answer, 5xx is not."""
        page = _visitor(session).visit("/")
        if page.status >= 500:
            raise RuntimeError(f"the first page answers {page.status}")
        return f"the first page answers {page.status}"


class MathesarWitness:
    """Claims the install with its setup code, and stays signed in; the managed database is in the list."""

    def __init__(self) -> None:
        self.visitor: Visitor | None = None

    def plant(self, session: Session) -> str:
        self.visitor = _visitor(session)
        code = session.generated.get("MATHESAR_SETUP_CODE") or _logged(session)
        page = self.visitor.send("/setup", {**PERSON, "code": code})
        if page.status != 302:
            raise RuntimeError(f"the setup page answers {page.status} to the setup code")
        return f"claimed with the setup code; {self._list(self.visitor, session)}"

    def look(self, session: Session, *, signed_in: bool = True) -> str:
        if self.visitor is None:
            raise RuntimeError("nobody has claimed the install")
        if signed_in:
            self._list(self.visitor, session)
        fresh = _visitor(session)
        page = fresh.send("/sign-in", {name: PERSON[name] for name in ("username", "password")})
        if page.status != 302:
            raise RuntimeError(f"signing in anew answers {page.status}: the superuser is not the same")
        if fresh.request("GET", "/setup").status != 404:
            raise RuntimeError("the setup page is open again")
        self.visitor = fresh if not signed_in else self.visitor
        return f"{'still signed in, ' if signed_in else ''}the same superuser; {self._list(fresh, session)}"

    def _list(self, visitor: Visitor, session: Session) -> str:
        page = visitor.visit("/databases/")
        if page.status != 200 or "Sign out" not in page.body:
            raise RuntimeError(f"the list of databases answers {page.status}, or asks to sign in")
        if session.role.dbname not in page.body:
            raise RuntimeError("the managed database is not in the list")
        return "the managed database is in the list"


def _visitor(session: Session) -> Visitor:
    return Visitor(session.host, session.edge.port, session.edge_certificate)


def _logged(session: Session) -> str:
    """Return the setup code that the app wrote into its log."""
    instances = session.live.instances if session.live is not None else []
    for line in (line for instance in instances for line in instance.lines):
        if found := CODE.search(line):
            return found[1]
    raise RuntimeError("there is no setup code in the log")
