"""The old release is told to stop only once the edge has answered what it had handed to it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from provisioner.rehearsal import edge
from provisioner.rehearsal.release import Release


@pytest.fixture(autouse=True)
def settled_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the requests under way, and let a release that was taken out of service wait for those before it stops."""
    under_way: set[object] = set()
    changed = threading.Condition()
    make, stop = edge._handler, Release.stop

    def handler(of: edge.Edge) -> type[Any]:
        class Counted(make(of)):  # type: ignore[misc]
            def forward(self) -> None:
                request = object()
                with changed:
                    under_way.add(request)
                try:
                    super().forward()
                finally:
                    with changed:
                        under_way.discard(request)
                        changed.notify_all()

            do_GET = do_POST = forward

        return Counted

    def settled(self: Release, window: float) -> str:
        with changed:
            now = set(under_way)
            changed.wait_for(lambda: not now & under_way, timeout=60)
        return stop(self, window)

    monkeypatch.setattr(edge, "_handler", handler)
    monkeypatch.setattr(Release, "stop", settled)
