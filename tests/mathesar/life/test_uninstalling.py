"""Taking the Mathesar schema out of databases: listed first, kept where it is used, and not brought back."""

from __future__ import annotations

import pytest

from tests.mathesar import plans
from tests.mathesar.connections.site_of_databases import make_database, schemas
from tests.mathesar.connections.test_service import add, given
from tests.postgres import PostgresServer, free_port

__all__ = ["given"]
BOTH = {"msar", "mathesar_types"}
USE = "CREATE TABLE public.people (id int, mail mathesar_types.email)"


def uninstall(*names: str, cascade: bool = False, dry_run: bool = False) -> int:
    """Do what the command does once the install is open; return how many keep the schema."""
    from mathesar.life import uninstalling

    return uninstalling.run(names, cascade=cascade, dry_run=dry_run, interactive=False)


def test_one_and_not_again(given: dict[str, object], site: PostgresServer, capsys: pytest.CaptureFixture[str]) -> None:
    from mathesar.connections.upkeep import bring_up_to_date

    row = add(given)
    assert uninstall(row.name.upper(), dry_run=True) == 0
    assert capsys.readouterr().out == f"{row.name}: would be removed.\n"
    assert schemas(site, "books") == BOTH
    assert uninstall(row.name) == 0
    assert capsys.readouterr().out == f"{row.name}: removed.\n"
    assert bring_up_to_date() == 1
    assert schemas(site, "books") == set()
    row.refresh_from_db()
    assert (row.status, row.schema, row.wants_schema) == ("connected", "missing", False)
    assert uninstall(row.name) == 0
    assert "has no Mathesar schema" in capsys.readouterr().out


def test_what_uses_it_is_listed(
    given: dict[str, object], site: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    row = add(given)
    site.psql(USE, "books")
    site.psql('CREATE TABLE public."evil\x1b[2J" (mail mathesar_types.email)', "books")
    assert uninstall(row.name) == 1
    said = capsys.readouterr().out
    assert "in use; nothing was changed. 2 columns and objects would go with it:" in said
    assert "    table public.people.mail (mathesar_types.email)\n" in said
    assert "\x1b" not in said
    assert schemas(site, "books") == BOTH
    assert uninstall(row.name, cascade=True, dry_run=True) == 0
    assert schemas(site, "books") == BOTH
    assert uninstall(row.name, cascade=True) == 0
    assert "removed, and 2 columns and objects with it." in capsys.readouterr().out
    assert schemas(site, "books") == set()
    assert site.psql("SELECT count(*) FROM public.people", "books") == [(0,)]


def test_all_of_them_and_one_cannot_be_reached(
    use, given: dict[str, object], site: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    from mathesar.connections.models import Database
    from mathesar.connections.upkeep import bring_up_to_date

    make_database(site, "second")
    away = f"postgresql://u:planted-pw@127.0.0.1:{free_port()}/away"
    use(plans.local_plan({"Away": away, "Second": site.url("second")}))
    row = add(given)
    bring_up_to_date()
    assert schemas(site, "second") == BOTH
    assert uninstall() == 1
    said = capsys.readouterr().out
    assert "Away: still there. MP602" in said
    assert "Second: removed.\n" in said
    assert f"{row.name}: removed.\n" in said
    assert "planted" not in said
    bring_up_to_date()
    assert (schemas(site, "second"), schemas(site, "books")) == (set(), set())
    use(plans.local_plan({"Second": site.url("second")}))  # the next start: the entry keeps the choice
    bring_up_to_date()
    assert schemas(site, "second") == set()
    assert Database.objects.get(name="Away").status == "detached"
    assert uninstall() == 0  # a detached one is no connected database


def test_another_way_to_the_same_database(
    use, given: dict[str, object], site: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    from mathesar.connections.upkeep import bring_up_to_date

    row = add(given)
    use(plans.local_plan({"Same": site.url("books")}))
    bring_up_to_date()
    assert uninstall(row.name) == 0
    assert "the same database as Same" in capsys.readouterr().out
    bring_up_to_date()
    assert schemas(site, "books") == set()


def test_an_unknown_name(plan, capsys: pytest.CaptureFixture[str]) -> None:
    assert uninstall("nothing") == 1
    assert capsys.readouterr().out == "nothing: there is no database of that name.\n"
    assert uninstall() == 0
    assert capsys.readouterr().out == "There are no databases.\n"
