"""How many processes, threads and connections fit in a platform's smallest plan.

The connection budget, for one replica::

    workers x pool x 2  +  workers x 2  +  2  <=  limit - 3
    (old and new release)  (user databases)  (migration)  (the server's reserve)

Every worker of the old and of the new release may fill its internal pool while they overlap. Connections to
user databases are short, one a request and at most two a worker, and a release that is draining takes no new
requests, so they count once.

Heroku essential-0, limit 20:     2 x 2 x 2 + 2 x 2 + 2 = 14 <= 17
DigitalOcean 1 GB, limit 22:      2 x 3 x 2 + 2 x 2 + 2 = 18 <= 19
Render basic, limit 100:          2 x 4 x 2 + 2 x 2 + 2 = 22 <= 97

Memory (PSS, measured with preload): about 60 MiB for the master and 32 MiB for each worker; a quarter of the
plan is left for the requests themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

BASE_MB = 60
WORKER_MB = 32
DEFAULT_WORKERS = 2
THREADS = 4  # also the most connections that a worker's pool can use at once
OVERLAP = 2
MIGRATION = 2
RESERVED = 3
USER_CONNECTIONS = 2
FEWEST_POOL = 2  # below this two threads of a worker wait for each other


@dataclass(frozen=True, slots=True)
class Size:
    """What the server is started with; `connections` is the most that can be open at once."""

    workers: int
    threads: int
    pool_size: int
    connections: int
    fits_connections: bool
    fits_memory: bool


def connections(workers: int, pool_size: int) -> int:
    """Return the left side of the budget: the most connections that can be open at once."""
    return workers * pool_size * OVERLAP + workers * USER_CONNECTIONS + MIGRATION


def largest_pool(workers: int, limit: int) -> int:
    """Return the largest pool for each of `workers` within `limit` connections; 0 or less means none fits."""
    return (limit - RESERVED - MIGRATION - workers * USER_CONNECTIONS) // (workers * OVERLAP)


def most_workers(limit: int) -> int:
    """Return the most workers that `limit` connections permit, each with a pool of one."""
    return (limit - RESERVED - MIGRATION) // (OVERLAP + USER_CONNECTIONS)


def memory_mb(workers: int) -> int:
    """Return the memory in MiB that `workers` use at rest."""
    return BASE_MB + WORKER_MB * workers


def size(memory: int, limit: int, *, workers: int | None = None) -> Size:
    """Size the server for `memory` MiB and `limit` connections; `workers` is what a person asked for.

    A request that does not fit is returned with `fits_connections` or `fits_memory` false, never lowered in
    silence. Without a request the result fits wherever one worker does.
    """
    room = memory * 3 // 4
    chosen = workers or DEFAULT_WORKERS
    if workers is None:
        while chosen > 1 and (largest_pool(chosen, limit) < FEWEST_POOL or memory_mb(chosen) > room):
            chosen -= 1
    pool = min(THREADS, largest_pool(chosen, limit))
    return Size(
        workers=chosen,
        threads=THREADS,
        pool_size=max(1, pool),
        connections=connections(chosen, max(1, pool)),
        fits_connections=pool >= 1,
        fits_memory=memory_mb(chosen) <= room,
    )
