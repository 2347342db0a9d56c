"""Settings of every test: how long something takes on a busy machine decides nothing; what runs on which core."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.chromium import chromium

__all__ = ["chromium"]
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A script that starts the tests in the background has SIGINT ignored in them, and in all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The slow proofs, on several workers: a file stays together, but for these, whose many tests share nothing. They come
# last, so that the workers end together. The image is built once, and so all that builds it stays together.
SPREAD = (
    "tests/prove/test_rehearsal_kills.py",
    "tests/provisioner/rehearsal/test_faults.py",
    "tests/provisioner/rehearsal/test_foreign.py",
    "tests/provisioner/rehearsal/test_scenarios.py",
    "tests/system/test_together.py",
)
IMAGES = "tests/images/"


def place_of(nodeid: str) -> str:
    """Return what a test must stay together with."""
    file = nodeid.partition("::")[0]
    return IMAGES if file.startswith(IMAGES) else nodeid if file in SPREAD else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give `--dist loadgroup` our groups: its own mark says nothing to pytest-xdist 3.8 under pytest 9.2."""
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return place_of(nodeid)

    return ByPlace(config, log)
