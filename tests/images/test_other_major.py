"""A volume that another PostgreSQL wrote: refused, untouched, and taken over by the way that the page gives."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.images.container import WORKSHOP
from tests.images.test_all_in_one import CREATE, once, sql, start

pytestmark = pytest.mark.prove
EARLIER = Path("/usr/lib/postgresql/15/bin")
LIBRARIES = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/postgresql", "/usr/share/postgresql")
PATH = f"{EARLIER}:/opt/mathesar/bin:/usr/local/bin:/usr/bin:/bin"


def test_it_is_refused_and_moves_by_a_dump(all_in_one: str, volume: str) -> None:
    if not (EARLIER / "pg_dumpall").exists():
        pytest.skip(
            "needs Debian 12's PostgreSQL 15 (apt-get install postgresql-15), which stands in for an earlier image"
        )
    # An earlier image: the same, with Debian's PostgreSQL 15 found before its own.
    earlier = [part for place in LIBRARIES for part in ("--volume", f"{place}:{place}:ro")]
    with start(all_in_one, volume, *earlier, "--env", f"PATH={PATH}") as old:
        assert sql(old, "SHOW server_version_num").startswith("15")
        sql(old, CREATE)
        sql(old, "CREATE ROLE reader LOGIN PASSWORD 'a made-up one'; GRANT SELECT ON kept TO reader")
        dump = old.run("mathesar", "postgres", "pg_dumpall")
        assert old.stop() == 0
    mounted = ("--volume", f"{volume}:/var/lib/mathesar")
    refused = once(all_in_one, *mounted)
    words = " ".join(refused.stderr.split())
    assert refused.returncode == 1
    assert "MP543" in words
    assert "PostgreSQL 15 wrote this volume, and this image holds PostgreSQL 18. No data was touched." in words
    assert "mathesar postgres pg_dumpall > dump.sql" in words
    listing = once(all_in_one, *mounted, command=("ls", "/var/lib/mathesar/postgres")).stdout
    assert listing.split() == ["15"]

    move = "cd /var/lib/mathesar/postgres && mkdir 18 && cp 15/password 18/ && mv 15 ../postgres-15"
    assert once(all_in_one, *mounted, command=("sh", "-c", move)).returncode == 0
    with start(all_in_one, volume) as new:
        drop = ("-c", "DROP DATABASE sample WITH (FORCE)", "-c", "DROP ROLE mathesar")
        new.run("mathesar", "postgres", "psql", "-q", *drop)
        complaints = feed(new.identity, dump)
        errors = [line for line in complaints.splitlines() if "ERROR" in line]
        assert errors == ['ERROR:  role "postgres" already exists']
        assert sql(new, "SELECT word FROM kept") == "still here"
        assert sql(new, "SELECT count(*) FROM pg_roles WHERE rolname = 'reader'") == "1"
        assert sql(new, "SHOW server_version_num").startswith("18")
        assert new.stop() == 0
    with start(all_in_one, volume) as again:
        assert sql(again, "SELECT word FROM kept") == "still here"
        assert again.stop() == 0


def feed(container: str, script: str) -> str:
    """Run an SQL script in the container; return what it complained of."""
    environ = {**os.environ, "CONTAINERS_CONF": str(WORKSHOP / "containers.conf")}
    command = ["podman", "exec", "--interactive", container, "mathesar", "postgres", "psql", "-q"]
    done = subprocess.run(command, input=script, env=environ, capture_output=True, text=True, timeout=120)
    return done.stderr
