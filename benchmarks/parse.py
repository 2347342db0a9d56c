"""Time of reading 10,000 database URLs, beside the floor: libpq's own reading through psycopg.

Usage: python benchmarks/parse.py   (limit: 40 µs for each URL)
"""

from __future__ import annotations

import time
from collections.abc import Callable

from psycopg.conninfo import conninfo_to_dict

from provisioner import parse_database_url

COUNT, ROUNDS, LIMIT = 10_000, 5, 40.0


def urls() -> list[str]:
    """URLs as the four platforms write them, each with its own password and name."""
    forms = (
        "postgres://u{0}:p{0}AbCdEf%2Fgh@ec2-1-2-3-{1}.compute-1.amazonaws.com:5432/d{0}",
        "postgresql://mathesar:p{0}XyZ@dpg-abc{0}-a/mathesar_{0}",
        "postgresql://postgres:p{0}QwErTy@postgres.railway.internal:5432/railway",
        "postgresql://doadmin:AVNS_p{0}@db-{0}.b.db.ondigitalocean.com:25060/defaultdb?sslmode=require",
    )
    return [forms[number % 4].format(number, number % 250) for number in range(COUNT)]


def microseconds(read: Callable[[str], object], values: list[str]) -> float:
    """The best of some rounds, for one value."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for value in values:
            read(value)
        best = min(best, time.perf_counter() - began)
    return best / len(values) * 1e6


def main() -> None:
    values = urls()
    ours = microseconds(parse_database_url, values)
    floor = microseconds(conninfo_to_dict, values)
    print(f"parse_database_url  {ours:6.1f} µs a URL  (limit {LIMIT:.0f})")
    print(f"conninfo_to_dict    {floor:6.1f} µs a URL  (floor)")
    print(f"ratio               {ours / floor:6.2f}")
    raise SystemExit(ours > LIMIT)


if __name__ == "__main__":
    main()
