"""Who can tell after a deploy whether anything was lost: something is planted before, and looked for afterwards."""

from __future__ import annotations

import re
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Protocol

from .visitor import Visitor

if TYPE_CHECKING:
    from .session import Session

CODE = re.compile(r"Setup code: (\S+)")
BROWSE = re.compile(r'href="(/databases/[0-9a-f-]{36}/browse/)"')
TABLE, ROW = "rehearsal_harbours", "A quiet harbour"
# The app may be reached by others of this network while it runs: a password that nobody can look up.
PERSON = {"username": "rehearsal", "email": "rehearsal@example.org", "password": token_urlsafe(18)}


class Witness(Protocol):
    """Raises RuntimeError or OSError where something is not as it was."""

    def plant(self, session: Session) -> str:
        """Make something that must last; say what."""
        ...

    def look(self, session: Session, *, signed_in: bool = True) -> str:
        """Find it again; say what was seen. Without `signed_in`, sessions may have ended."""
        ...


class RowWitness:
    """Of any app: its first page answers, and a row in its database is there."""

    def plant(self, session: Session) -> str:
        _plant_row(session)
        return f"a row planted; {self.page(session)}"

    def look(self, session: Session, *, signed_in: bool = True) -> str:
        rows = session.server.admin(f"TABLE public.{TABLE}", dbname=session.role.dbname)
        if rows != [(1, ROW)]:
            raise RuntimeError("the row that was there before is gone")
        return f"the row is there; {self.page(session)}"

    def page(self, session: Session) -> str:
        """Open the app's first page; 4xx is an answer, but 400 refuses the app's own public host, and 5xx is none."""
        page = _visitor(session).visit("/")
        if page.status >= 500 or page.status == 400:
            raise RuntimeError(f"the first page answers {page.status}")
        return f"the first page answers {page.status}"


class MathesarWitness:
    """Claims the install with its setup code, and stays signed in; the managed database shows its row."""

    def __init__(self) -> None:
        self.visitor: Visitor | None = None

    def plant(self, session: Session) -> str:
        _plant_row(session)
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
        if not any(self._row(visitor, link) for link in sorted(set(BROWSE.findall(page.body)))):
            raise RuntimeError("the managed database does not show its row")
        return "the managed database shows its row"

    def _row(self, visitor: Visitor, link: str) -> bool:
        """Whether this database's pages lead to the planted row."""
        tables = re.findall(rf'href="({re.escape(link)}\d+/)"[^>]*><bdi>{TABLE}<', visitor.visit(link).body)
        return any(ROW in visitor.visit(table).body for table in tables)


def _plant_row(session: Session) -> None:
    """Put a table with one row beside the app's own, as the data that people have already."""
    for statement in (
        f"CREATE TABLE public.{TABLE} (id integer PRIMARY KEY, seen text)",
        f"INSERT INTO public.{TABLE} VALUES (1, '{ROW}')",  # noqa: S608 - constants of this file
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON public.{TABLE} TO "{session.role.name}"',
    ):
        session.server.admin(statement, dbname=session.role.dbname)


def _visitor(session: Session) -> Visitor:
    return Visitor(session.host, session.edge.port, session.edge_certificate)


def _logged(session: Session) -> str:
    """Return the setup code that the app wrote into its log."""
    instances = session.live.instances if session.live is not None else []
    for line in (line for instance in instances for line in instance.lines):
        if found := CODE.search(line):
            return found[1]
    raise RuntimeError("there is no setup code in the log")
