"""10,000 stored connections sealed anew while 16 read and 4 write, killed at random, run twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.secret import Secret
from tests.mathesar import plans
from tests.mathesar.site import INTERNAL
from tests.postgres import PostgresServer

pytestmark = pytest.mark.prove
ROWS = 10_000
READERS, WRITERS = 16, 4
NEW = "7f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def install(plan: plans.Plan, site: PostgresServer, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the environment of an install with its stored connections, all under the earlier key."""
    from django.db import connection

    from mathesar import current
    from mathesar.connections import keyring
    from mathesar.connections.models import Database

    site.psql("DROP TABLE IF EXISTS mathesar_internal.boot", INTERNAL)
    base = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "MATHESAR_INTERNAL_DATABASE_URL": site.url(INTERNAL),
        "MATHESAR_INCLUDE_DEFAULT_DATABASE": "false",
    }
    earlier = {**base, "SECRET_KEY": plans.KEY}
    assert command("release", earlier).returncode == 0
    rows = []
    for number in range(ROWS):
        row_id = uuid.uuid4()
        columns = keyring.seal_for(row_id, credentials(number))
        rows.append(Database(pk=row_id, source="ui", name=f"n{number}", key=f"n{number}", **columns))
    Database.objects.bulk_create(rows, batch_size=1000)
    current.set_plan(plan, Secret(NEW), (Secret(plans.KEY),))
    pool = connection.settings_dict["OPTIONS"]["pool"]
    size, pool["max_size"] = pool["max_size"], READERS + WRITERS  # as if these were several servers' threads
    connection.close_pool()
    yield {**base, "SECRET_KEY": NEW, "SECRET_KEY_FALLBACKS": plans.KEY}
    connection.close()
    connection.close_pool()
    pool["max_size"] = size
    site.psql("DROP TABLE IF EXISTS mathesar_internal.boot", INTERNAL)


def credentials(number: int):
    from mathesar.connections.credentials import Credentials

    return Credentials(f"db{number}.example.org", 5432, "d", "u", Secret(f"password-{number}"), "require")


def command(name: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "mathesar", name]
    return subprocess.run(arguments, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=600, check=False)


def rotated(rows: list[uuid.UUID]) -> bool:
    """Tell whether any of these was sealed anew and not changed: a rotation's work, not that of the traffic."""
    from mathesar.connections import keyring
    from mathesar.connections.models import Database

    return Database.objects.filter(pk__in=rows, key_id=keyring.current_key_id(), version=1).exists()


class Traffic:
    """People at work: each reads or rewrites one random row after the other."""

    def __init__(self, keys: list[uuid.UUID]) -> None:
        self.keys = keys
        self.over = threading.Event()
        self.reads = self.writes = 0
        self.failures: list[str] = []
        workers = [self.read] * READERS + [self.write] * WRITERS
        self.threads = [threading.Thread(target=self.run, args=(work,)) for work in workers]

    def run(self, work) -> None:
        from django.db import connection

        chance = random.Random()
        try:
            while not self.over.is_set():
                work(chance.choice(self.keys))
        except Exception as error:
            self.failures.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def read(self, key: uuid.UUID) -> None:
        from mathesar.connections import keyring
        from mathesar.connections.models import Database

        row = Database.objects.get(pk=key)
        assert keyring.open_row(row).host == f"db{row.name[1:]}.example.org"
        self.reads += 1

    def write(self, key: uuid.UUID) -> None:
        from django.db import transaction

        from mathesar.connections import keyring
        from mathesar.connections.models import Database

        with transaction.atomic():
            row = Database.objects.select_for_update().get(pk=key)
            changed = replace(keyring.open_row(row), password=Secret(f"changed-{row.name}"))
            for name, value in keyring.seal_for(row.pk, changed).items():
                setattr(row, name, value)
            row.version += 1
            row.save()
        self.writes += 1

    def __enter__(self) -> Traffic:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def test_rotation_under_traffic(install: dict[str, str]) -> None:
    from mathesar import current
    from mathesar.connections import keyring
    from mathesar.connections.models import Database
    from mathesar.connections.rotation import BATCH, pending

    keys = list(Database.objects.values_list("pk", flat=True))
    chance = random.Random(20261121)
    kills = 0
    begun = time.monotonic()
    with Traffic(keys) as traffic:
        while kills < 6:  # killed at random, then again
            arguments = [sys.executable, "-m", "mathesar", "rotate-key"]
            first = list(pending().order_by("pk").values_list("pk", flat=True)[:BATCH])
            process = subprocess.Popen(arguments, cwd=ROOT, env=install, stdout=subprocess.DEVNULL)
            while process.poll() is None and not rotated(first):
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 0.6))
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        assert kills
        done = command("rotate-key", install)
        assert done.returncode == 0, done.stdout + done.stderr
    seconds = time.monotonic() - begun
    assert traffic.failures == []
    assert traffic.reads > 1000
    assert traffic.writes > 100
    print(f"{ROWS} rows, {kills} kills, {seconds:.1f} s, {traffic.reads} reads, {traffic.writes} writes")

    assert set(Database.objects.values_list("key_id", flat=True)) == {keyring.current_key_id()}
    current.set_plan(current.get_plan(), Secret(NEW))  # the earlier key may go
    for row in Database.objects.all():
        given = keyring.open_row(row)
        assert given.host == f"db{row.name[1:]}.example.org"
        assert given.password.get_secret_value() in (f"password-{row.name[1:]}", f"changed-{row.name}")

    before = sorted(Database.objects.values_list("pk", "sealed"))
    again = command("rotate-key", install)
    assert again.stdout.startswith("0 rotated; everything is under the present SECRET_KEY")
    assert sorted(Database.objects.values_list("pk", "sealed")) == before
    Database.objects.all().delete()  # a release would look at each of them
    alone = {**install}
    del alone["SECRET_KEY_FALLBACKS"]
    assert "MP516" not in command("release", alone).stdout
