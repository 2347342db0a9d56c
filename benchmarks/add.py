"""Adding a fresh database with its schema: the whole of it on a local server, against a bare connect and DDL.

Limit: 150 ms, as the median of many; printed beside what psycopg needs for the same statements alone.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

LIMIT_MS = 150.0
ROUNDS = 25


def main() -> int:
    """Measure, print, and return the exit status."""
    from tests.mathesar.connections.site_of_databases import make_database
    from tests.mathesar.site import shared_site

    server = shared_site()
    from mathesar.connections import service
    from mathesar.connections.credentials import read_fields

    times, floors = [], []
    for number in range(ROUNDS):
        given = read_fields(make_database(server, f"bench{number}"))
        begun = time.perf_counter()
        service.add(f"Bench {number}", given)
        times.append(time.perf_counter() - begun)
        floors.append(floor(read_fields(make_database(server, f"floor{number}"))))
    median, base = statistics.median(times) * 1000, statistics.median(floors) * 1000
    print(f"add a database with its schema: median {median:.0f} ms (limit {LIMIT_MS:.0f}), "
          f"slowest {max(times) * 1000:.0f} ms; connect and the schema's own statements alone: {base:.0f} ms, "
          f"{median / base:.2f} x")  # fmt: skip
    return int(median > LIMIT_MS)


def floor(credentials) -> float:  # type: ignore[no-untyped-def]
    """Return the seconds of one connect and one install, with nothing around them."""
    import psycopg

    from mathesar.dbschema import install

    begun = time.perf_counter()
    with psycopg.connect(**credentials.url().conninfo(), autocommit=True) as connection:
        install(connection)
    return time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
