"""50 entries of the environment provisioned at start, within 3 times what the slowest one of them takes alone.

Each is a database of its own behind a port of its own, some milliseconds away; the first five are also measured
alone, and the slowest of these is the floor.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

ENTRIES = 50
ALONE = 5
DELAY = 0.02  # seconds each way: a database in the same region, behind TLS and a router or two
LIMIT = 3.0


def main() -> int:
    """Measure, print, and return the exit status."""
    from tests.mathesar.site import INTERNAL, shared_site
    from tests.postgres import free_port
    from tests.slow_proxy import slow_ports

    server = shared_site()
    internal = server.url(INTERNAL)
    ports = list({free_port() for _ in range(ENTRIES * 2)})[:ENTRIES]
    names = [f"entry{number}" for number in range(ENTRIES)]
    with slow_ports(server.port, DELAY, ports):
        urls = dict(
            zip(names, (server.url(name, port=port) for name, port in zip(names, ports, strict=True)), strict=True)
        )
        alone = []
        for number in range(ALONE):
            server.create_database(f"alone{number}")
            alone.append(provision({f"alone{number}": server.url(f"alone{number}", port=ports[number])}, internal))
        for name in names:
            server.create_database(name)
        together = provision(urls, internal)
    slowest = max(alone)
    ratio = together / slowest
    print(f"{ENTRIES} entries at start: {together:.2f} s; the slowest of {ALONE} alone: {slowest:.2f} s; "
          f"{ratio:.2f} x (limit {LIMIT:.0f} x)")  # fmt: skip
    return int(ratio > LIMIT)


def provision(urls: dict[str, str], internal: str) -> float:
    """Reconcile these entries, bring them up to date; return the seconds, having made sure that it was done."""
    from mathesar import current
    from mathesar.connections.models import Database
    from mathesar.connections.reconcile import reconcile
    from mathesar.connections.upkeep import bring_up_to_date
    from provisioner.secret import Secret
    from tests.mathesar import plans

    plan = plans.local_plan(urls, internal=internal)
    current.set_plan(plan, Secret(plans.KEY))
    reconcile(plan)
    begun = time.perf_counter()
    bring_up_to_date()
    seconds = time.perf_counter() - begun
    done = Database.objects.filter(name__in=list(urls), schema="current", status="connected").count()
    assert done == len(urls), f"only {done} of {len(urls)}"
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
