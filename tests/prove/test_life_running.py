"""The commands beside a running server: a restore under it, schemas taken out for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mathesar.connections.site_of_databases import schemas
from tests.mathesar.site import shared_server
from tests.postgres import PostgresServer, find_binaries, free_port
from tests.system.process import Mathesar, run
from tests.upgrade.fixture import FOLDER, VERSIONS, environ_of, facts, in_postgres, in_sqlite
from tests.upgrade.looking import everything, look

pytestmark = pytest.mark.prove

MADE = VERSIONS[-1]


@pytest.fixture
def server() -> PostgresServer:
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    return shared_server()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_restore_under_a_running_server(engine: str, server: PostgresServer, tmp_path: Path) -> None:
    data = tmp_path / "data"
    place = in_sqlite(MADE, data) if engine == "sqlite" else in_postgres(MADE, server, "running", data)
    environ = {**place, "PORT": str(free_port())}
    with Mathesar(environ) as process:
        process.wait("/readyz")
        restored = run(["restore", str(FOLDER / MADE / "backup.zip"), "--replace", "--noinput"], environ)
        assert restored.returncode == 0, restored.stderr
        assert process.get("/readyz").status == 200
        assert process.get("/sign-in").status == 200
        assert "Traceback" not in process.log
    with Mathesar(environ) as process:
        process.wait("/readyz")
    assert look(environ, facts(MADE), "postgresql") == everything(facts(MADE))


def test_schemas_taken_out_stay_out(server: PostgresServer, tmp_path: Path) -> None:
    place = server.create_database("taken_out")
    environ = {
        **environ_of(facts(MADE)), "MATHESAR_DATA_DIR": str(tmp_path),
        "MATHESAR_DATABASES": f"(Shop|{place}),(Away|postgresql://u:planted-pw@127.0.0.1:1/away)",
    }  # fmt: skip
    assert run(["release"], environ).returncode == 0
    assert schemas(server, "taken_out") == {"msar", "mathesar_types"}
    assert run(["uninstall-schemas"], environ).returncode == 2
    looked = run(["uninstall-schemas", "--all", "--dry-run"], environ)
    assert (looked.returncode, "Shop: would be removed." in looked.stdout) == (1, True)
    done = run(["uninstall-schemas", "--all"], environ)
    assert (done.returncode, "Shop: removed.\n" in done.stdout, "Away: still there." in done.stdout) == (1, True, True)
    assert "planted" not in done.stdout + done.stderr
    assert run(["uninstall-schemas", "shop"], environ).returncode == 0
    assert run(["release"], environ).returncode == 0
    assert schemas(server, "taken_out") == set()
