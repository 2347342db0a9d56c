"""What a witness plants is found again, and what is missing is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from provisioner.rehearsal.server import Server
from provisioner.rehearsal.witness import ROW, TABLE, MathesarWitness, RowWitness, _logged

from . import tiny


def test_a_row(server: Server):
    with tiny.session(tiny.wanted()) as session:
        session.deploy()
        witness = RowWitness()
        assert witness.plant(session) == "a row planted; the first page answers 200"
        assert witness.look(session) == "the row is there; the first page answers 200"
        for change in (f"UPDATE public.{TABLE} SET seen = 'x'", f"DELETE FROM public.{TABLE}"):
            server.admin(change, dbname="app")
            with pytest.raises(RuntimeError, match="is gone"):
                witness.look(session)
        server.admin(f"DROP TABLE public.{TABLE}", dbname="app")
        with pytest.raises(RuntimeError, match="does not exist"):
            witness.look(session)
        witness.plant(session)
        assert server.admin(f"TABLE public.{TABLE}", dbname="app") == [(1, ROW)]
        assert server.admin("SELECT has_table_privilege(%s, %s, 'SELECT')", "app", f"public.{TABLE}", dbname="app") == [
            (True,)
        ]
        session.stop()
        with pytest.raises(RuntimeError, match="answers 503"):
            witness.look(session)


def test_an_app_that_is_not_mathesar_is_no_claim(server: Server):
    with tiny.session(tiny.wanted()) as session:
        session.deploy()
        with pytest.raises(RuntimeError, match="no setup code"):
            MathesarWitness().plant(session)
        with pytest.raises(RuntimeError, match="nobody has claimed"):
            MathesarWitness().look(session)


def test_the_code_is_read_from_the_log():
    def release(*lines: str):
        return SimpleNamespace(live=SimpleNamespace(instances=[SimpleNamespace(lines=list(lines))]))

    assert _logged(release("  Setup code: abcd-efgh", "more")) == "abcd-efgh"  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        _logged(release("nothing"))  # type: ignore[arg-type]
