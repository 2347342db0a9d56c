"""The internal database goes away under load and comes back."""

from __future__ import annotations

import threading
import time

import pytest

from tests.platforms.environments import HOSTS, render
from tests.postgres import PostgresServer, find_binaries, free_port
from tests.system.process import Mathesar

CLIENTS = 4
AWAY = 20  # seconds; longer than any single request waits
HEADERS = {"Host": HOSTS["render"], "X-Forwarded-Proto": "https"}


class Load(threading.Thread):
    """Asks for one page again and again, and notes when it was answered with what."""

    def __init__(self, process: Mathesar, path: str) -> None:
        super().__init__(daemon=True)
        self.process, self.path = process, path
        self.answers: list[tuple[float, float, int]] = []  # asked, answered, status
        self.ended = threading.Event()

    def asked_after(self, moment: float) -> int:
        """Count the answers to what was asked after this moment."""
        return sum(asked > moment for asked, _, _ in self.answers)

    def run(self) -> None:
        while not self.ended.is_set():
            asked = time.monotonic()
            status = self.process.get(self.path, headers=HEADERS).status
            self.answers.append((asked, time.monotonic(), status))
            time.sleep(0.05)


@pytest.mark.prove
def test_an_outage_under_load(address: str) -> None:
    if find_binaries() is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    with PostgresServer(listen="*") as server:
        server.create_database("outage")
        url = server.url("outage", host=address, sslmode="disable")
        with Mathesar(render(url, free_port())) as process:
            process.wait("/readyz")
            pages, live = [Load(process, "/setup") for _ in range(CLIENTS)], Load(process, "/livez")
            everyone = [*pages, live]
            for each in everyone:
                each.start()
            time.sleep(2)
            server.halt("immediate")
            gone = time.monotonic()
            time.sleep(AWAY)
            returning = time.monotonic()  # it answers before launch() has seen that it does
            server.launch()
            back = time.monotonic()
            time.sleep(8)
            while not all(page.asked_after(back) > 1 for page in pages) and time.monotonic() < back + 60:
                time.sleep(0.1)
            for each in everyone:
                each.ended.set()
            for each in everyone:
                each.join(30)
    assert {status for _, _, status in live.answers} == {200}
    # nobody who asks after the return waits in vain for a back-off that the outage began
    after = [status for page in pages for asked, _, status in page.answers if asked > back]
    assert len(after) > CLIENTS
    assert set(after) == {200}
    during = [status for page in pages for asked, done, status in page.answers if asked > gone and done < returning]
    assert during
    assert set(during) <= {500, 503}
