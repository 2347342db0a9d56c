"""What `test_backend.py` runs in a process of its own: `exercise.py pool | no-pool | connect`."""

from __future__ import annotations

import json
import sys
import threading

import django
from django.conf import settings

MODE = sys.argv[1]
if MODE != "pool":
    settings.DATABASES["default"]["OPTIONS"].pop("pool")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402 - after setup
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

if MODE == "connect":
    connection.ensure_connection()
    raise SystemExit(0)


def path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


def busy(number: int, paths: set[str], failures: list[str]) -> None:
    try:
        for turn in range(6):
            paths.add(path())
            with transaction.atomic():
                Group.objects.create(name=f"{number}-{turn}")
                paths.add(path())
    except Exception as error:
        failures.append(repr(error))
    finally:
        connection.close()


seen: dict[str, object] = {}
call_command("migrate", verbosity=0)
call_command("migrate", verbosity=0)
seen["migrated"] = True

paths: set[str] = set()
failures: list[str] = []
threads = [threading.Thread(target=busy, args=(number, paths, failures)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failures, failures
seen["threads"] = Group.objects.count()
seen["concurrent_paths"] = sorted(paths)

with transaction.atomic():
    Group.objects.create(name="kept")
    try:
        with transaction.atomic():
            Group.objects.create(name="lost")
            raise ValueError
    except ValueError:
        pass
    Group.objects.filter(name="lost").exists()
seen["savepoint"] = Group.objects.get(name__in=("kept", "lost")).name
try:
    with transaction.atomic():
        Group.objects.create(name="gone")
        raise ValueError
except ValueError:
    seen["rolled_back"] = Group.objects.filter(name="gone").count()

session = SessionStore()
session["colour"] = "blue"
session.save()
seen["session"] = SessionStore(session.session_key)["colour"]
seen["path"] = path()

transaction.set_autocommit(False)
Group.objects.create(name="manual")
transaction.commit()
seen["autocommit_off"] = Group.objects.filter(name="manual").count()
transaction.rollback()
transaction.set_autocommit(True)

Group.objects.bulk_create([Group(name=f"bulk-{number}") for number in range(3)])
assert len(list(Group.objects.filter(name__startswith="bulk").iterator(chunk_size=1))) == 3
seen["table_visible"] = "auth_group" in connection.introspection.table_names()
connection.close()
connection.close_pool()
print(json.dumps(seen))
