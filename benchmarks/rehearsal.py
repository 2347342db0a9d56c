"""Every button pressed on this machine: how long, how much memory, how many connections; over the same by hand.

`python benchmarks/rehearsal.py --into README.md` puts the table between its marks there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ALL_LIMIT_S = 15 * 60.0
FIRST_LIMIT_S = 20.0
FLOOR_LIMIT = 4.0
BEGIN, END = "<!-- provisioner rehearse all -->", "<!-- end of rehearsals -->"


def by_hand() -> float:
    """Return the seconds from nothing to the first answer of the app on a new PostgreSQL, with nothing in between."""
    from provisioner.rehearsal.address import free_port
    from provisioner.rehearsal.keeper import Keeper
    from provisioner.rehearsal.server import Privileges, Server

    begun = time.perf_counter()
    with Keeper() as keeper:
        server = Server(keeper, 100)
        server.start()
        role = server.make_role("app", "app", Privileges())
        port = free_port()
        env = {
            "PATH": os.environ["PATH"], "PORT": str(port), "MATHESAR_DATA_DIR": str(keeper.folder / "data"),
            "DATABASE_URL": f"postgresql://app:{role.password}@127.0.0.1:{server.port}/app",
        }  # fmt: skip
        keeper.start([Path(sys.executable).with_name("mathesar"), "start"], env=env, cwd=keeper.folder)
        while time.perf_counter() - begun < 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    return time.perf_counter() - begun
            except OSError:
                time.sleep(0.02)
    raise SystemExit("the app did not start by hand")


def rehearsals() -> list[dict[str, Any]]:
    """Rehearse everything through the command."""
    command = [sys.executable, "-m", "provisioner.cli", "rehearse", "all", "--yes", "--quiet", "--json", "-"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    found: list[dict[str, Any]] = json.loads(done.stdout)["rehearsals"]
    return found


def deployed(rehearsal: dict[str, Any]) -> float:
    """Return the seconds from the click to the health check that passes."""
    step = next(step for step in rehearsal["steps"] if step["name"] == "health check")
    return float(step["began"] + step["seconds"])


def table(found: list[dict[str, Any]]) -> str:
    """Return the README's table: a row for each scenario, a column for each platform."""
    labels = {each["platform"]: each["label"] for each in found}
    by_place = {(each["scenario"], each["platform"]): each for each in found}

    def row(title: str, cells: Iterable[str]) -> str:
        return f"| {' | '.join([title, *cells])} |"

    rows = [row("Scenario", labels.values()), row("---", ["---"] * len(labels))]
    for scenario in dict.fromkeys(each["scenario"] for each in found):
        cells = [by_place[scenario, platform] for platform in labels]
        words = [f"{'✓' if each['ok'] else '✗'} {each['seconds']:.0f} s" for each in cells]
        rows.append(row(f"`{scenario}`", words))
    first = [by_place["first-deploy", platform] for platform in labels]
    rows.append(row("click to healthy", [f"{deployed(each):.1f} s" for each in first]))
    rows.append(row("memory of the first deploy", [f"{each['memory_mb']:.0f} MiB" for each in first]))
    fullest = [
        max((each for each in found if each["platform"] == name), key=lambda each: each["connections"])
        for name in labels
    ]
    rows.append(row("most connections", [f"{each['connections']} of {each['connection_limit']}" for each in fullest]))
    return "\n".join(rows)


def main() -> int:
    """Print the table and the figures; 1 where something is red or over its limit."""
    begun = time.perf_counter()
    found = rehearsals()
    whole = time.perf_counter() - begun
    floor = min(by_hand() for _ in range(3))
    first = {each["label"]: deployed(each) for each in found if each["scenario"] == "first-deploy"}
    text = table(found)
    print(text)
    print(f"all            {whole:6.1f} s (limit {ALL_LIMIT_S:.0f} s)")
    print(f"by hand        {floor:6.2f} s from nothing to the first answer, least of 3")
    for label, seconds in first.items():
        print(
            f"{label:28} {seconds:6.2f} s, {seconds / floor:.1f} x (limit {FLOOR_LIMIT:.0f} x, {FIRST_LIMIT_S:.0f} s)"
        )
    if sys.argv[1:2] == ["--into"]:
        file = Path(sys.argv[2])
        before, _, rest = file.read_text().partition(BEGIN)
        file.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}")
    slow = whole > ALL_LIMIT_S or max(first.values()) > min(FIRST_LIMIT_S, FLOOR_LIMIT * floor)
    return int(slow or not all(each["ok"] for each in found))


if __name__ == "__main__":
    raise SystemExit(main())
