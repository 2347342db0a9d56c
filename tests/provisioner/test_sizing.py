"""The connection budget holds for whatever is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.sizing import MIGRATION, OVERLAP, RESERVED, USER_CONNECTIONS, memory_mb, most_workers, size


@given(
    memory=st.integers(128, 65536),
    limit=st.integers(1, 1000),
    workers=st.none() | st.integers(1, 200),
)
def test_the_budget_holds(memory, limit, workers):
    result = size(memory, limit, workers=workers)
    used = result.workers * result.pool_size * OVERLAP + result.workers * USER_CONNECTIONS + MIGRATION
    assert result.connections == used
    assert result.fits_connections == (used <= limit - RESERVED)
    assert 1 <= result.pool_size <= result.threads
    assert result.fits_memory == (memory_mb(result.workers) <= memory * 3 // 4)
    if workers is not None:
        assert result.workers == workers


@given(limit=st.integers(9, 1000))
def test_without_a_request_it_always_fits(limit):
    result = size(512, limit)
    assert result.fits_connections
    assert result.fits_memory


@given(limit=st.integers(9, 1000))
def test_most_workers_is_the_edge(limit):
    assert size(65536, limit, workers=most_workers(limit)).fits_connections
    assert not size(65536, limit, workers=most_workers(limit) + 1).fits_connections


@pytest.mark.parametrize(("limit", "workers", "pool", "connections"), [(20, 2, 2, 14), (22, 2, 3, 18), (100, 2, 4, 22)])
def test_the_platforms_smallest_plans(limit, workers, pool, connections):
    result = size(512, limit)
    assert (result.workers, result.threads, result.pool_size) == (workers, 4, pool)
    assert result.connections == connections


def test_little_memory_means_one_worker():
    assert size(128, 100).workers == 1
    assert not size(128, 100, workers=8).fits_memory
