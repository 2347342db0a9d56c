"""A rehearsal that is killed at any moment leaves nothing behind: no process, port, folder, shared memory, server.

The moments are drawn anew each time and printed; REHEARSAL_KILLS_SEED repeats them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioner.rehearsal.scenarios import SCENARIOS

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="what is left is looked for in /proc"),
]

ROOT = Path(__file__).resolve().parents[2]
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID")  # every worker has to draw the same moments
SEED = int(os.environ.get("REHEARSAL_KILLS_SEED") or random.Random(RUN).randrange(10**6))
KILLS = int(os.environ.get("REHEARSAL_KILLS") or 50)
NUMBERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
LONGEST = 9.0  # seconds; most scenarios have ended by then, and the keeper is at its end as well
PATIENCE = 25.0  # the keeper's own: 3 s of politeness and 10 s for the rest
PLATFORM = "render"


@dataclass(frozen=True)
class Left:
    """What there is on this machine of one rehearsal."""

    processes: frozenset[tuple[int, str]]
    folders: frozenset[str]
    memory: frozenset[str]


class Rehearsal:
    """The command in a process of its own, with a folder for its temporary files and a mark to know it by."""

    def __init__(self, scenario: str, folder: Path) -> None:
        self.folder, self.mark = folder, f"REHEARSAL_MARK={folder.name}-{random.randrange(10**12)}"
        name, _, value = self.mark.partition("=")
        command = [sys.executable, "-m", "provisioner.cli", "rehearse", PLATFORM, "--scenario", scenario, "--yes"]
        command += ["--image", "none"]  # a container that is killed: tests/images
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, name: value, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.seen: set[int] = set()
        self.memory: set[str] = set()

    def processes(self) -> list[tuple[int, str]]:
        """Return what belongs to it: by its mark, its folder, or the group of something that did."""
        found, groups = [], set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and entry.name != str(os.getpid()) and (row := self._look(entry)):
                found.append(row)
                groups.add(_group(entry))
        self.seen |= groups - {0}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _group(entry) in self.seen and int(entry.name) not in dict(found):
                found.append((int(entry.name), "of its group"))
        return [row for row in found if _state(row[0]) not in ("Z", "")]

    def _look(self, entry: Path) -> tuple[int, str] | None:
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            here = os.readlink(entry / "cwd")
        except OSError:
            return None
        if self.mark.encode() in told or str(self.folder).encode() in told or here.startswith(str(self.folder)):
            words = (entry / "cmdline").read_bytes() if entry.exists() else b""
            return int(entry.name), words.replace(b"\0", b" ").decode(errors="replace")[:200]
        return None

    def keepers(self) -> list[int]:
        """Return the process that cleans up."""
        return [pid for pid, words in self.processes() if "rehearsal.clearing" in words]

    def left(self) -> Left:
        """Return what there is of it now."""
        folders = {str(path) for path in self.folder.iterdir()}
        return Left(frozenset(self.processes()), frozenset(folders), frozenset(self.memory & segments()))

    def note_memory(self) -> None:
        """Note the shared memory of its PostgreSQL: the server says which, and nobody can tell once it has ended."""
        for file in self.folder.glob("rehearsal-*/postgres/data/postmaster.pid"):
            try:
                lines = file.read_text().splitlines()
                mapped = Path(f"/proc/{lines[0]}/maps").read_text()
            except (OSError, IndexError):
                continue
            self.memory |= {f"System V {lines[6].split()[1]}"} if len(lines) > 6 and lines[6].strip() else set()
            self.memory |= set(re.findall(r"/dev/shm/\S+", mapped))

    def ports(self) -> set[str]:
        """Return the inodes of the ports that its processes listen on; note its shared memory as well."""
        self.note_memory()
        return {inode for pid, _ in self.processes() for inode in _sockets(pid)}


def _group(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, IndexError):
        return 0


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""


def _sockets(pid: int) -> set[str]:
    found = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        return found
    return found


def listening() -> dict[str, str]:
    """Return every listening port of this machine by its inode."""
    found = {}
    for name in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == "0A":
                found[columns[9]] = columns[1]
    return found


def segments() -> set[str]:
    """Return the shared memory of this machine: numbers of System V, and files in /dev/shm."""
    rows = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return {f"System V {row.split()[1]}" for row in rows} | {str(path) for path in Path("/dev/shm").iterdir()}


def wait_until_nothing_is_left(rehearsal: Rehearsal, ports: set[str]) -> None:
    """Wait for the keeper, as long as it may take; then nothing may be there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and (rehearsal.processes() or list(rehearsal.folder.iterdir())):
        rehearsal.note_memory()
        time.sleep(0.1)
    left = rehearsal.left()
    assert left.processes == frozenset()
    assert left.folders == frozenset()
    assert {listening()[inode] for inode in ports & set(listening())} == set()
    assert left.memory == frozenset()


def moments() -> list[tuple[int, str, float, signal.Signals]]:
    chance = random.Random(SEED)
    names = list(SCENARIOS)
    made = []
    for number in range(KILLS):
        # spread evenly: one in each slice of the whole length
        moment = (number + chance.random()) * LONGEST / KILLS
        made.append((number, chance.choice(names), round(moment, 3), NUMBERS[number % len(NUMBERS)]))
    return made


@pytest.mark.parametrize(("number", "scenario", "moment", "kill"), moments())
def test_nothing_is_left_after_a_kill(folder: Path, number: int, scenario: str, moment: float, kill: signal.Signals):
    print(f"REHEARSAL_KILLS_SEED={SEED}: {kill.name} after {moment} s of {scenario}")
    rehearsal = Rehearsal(scenario, folder)
    ends = time.monotonic() + moment
    while time.monotonic() < ends and rehearsal.process.poll() is None:
        rehearsal.note_memory()
        time.sleep(min(0.02, max(0.0, ends - time.monotonic())))
    ports = rehearsal.ports()
    rehearsal.process.send_signal(kill)
    rehearsal.process.wait(PATIENCE)
    wait_until_nothing_is_left(rehearsal, ports)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder that ordinary users can enter, as PostgreSQL does not run as root."""
    made = Path(tempfile.mkdtemp(prefix="kills-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def started(folder: Path) -> Rehearsal:
    """Return a rehearsal whose database is up."""
    rehearsal = Rehearsal("first-deploy", folder)
    until = time.monotonic() + 60
    while time.monotonic() < until and not list(folder.glob("rehearsal-*/disks/*")):
        time.sleep(0.02)
    assert list(folder.glob("rehearsal-*/disks/*"))
    rehearsal.note_memory()
    assert rehearsal.left().memory  # it is seen while it is there
    return rehearsal


@pytest.mark.parametrize("kill", [signal.SIGHUP, signal.SIGKILL, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_to_the_whole_group_spares_the_keeper(folder: Path, kill: signal.Signals):
    rehearsal = started(folder)
    (keeper,) = rehearsal.keepers()
    assert _group(Path(f"/proc/{keeper}")) != rehearsal.process.pid
    ports = rehearsal.ports()
    os.killpg(rehearsal.process.pid, kill)
    rehearsal.process.wait(PATIENCE)
    wait_until_nothing_is_left(rehearsal, ports)


def test_the_keeper_hears_no_polite_signal(folder: Path):
    rehearsal = started(folder)
    (keeper,) = rehearsal.keepers()
    for kill in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        os.kill(keeper, kill)
        time.sleep(0.3)
        assert rehearsal.keepers() == [keeper], kill
    ports = rehearsal.ports()
    rehearsal.process.kill()
    rehearsal.process.wait(PATIENCE)
    wait_until_nothing_is_left(rehearsal, ports)


def test_a_keeper_that_is_killed(folder: Path):
    rehearsal = started(folder)
    (keeper,) = rehearsal.keepers()
    ports = rehearsal.ports()
    os.kill(keeper, signal.SIGKILL)
    try:
        rehearsal.process.wait(90)
        wait_until_nothing_is_left(rehearsal, ports)
    finally:
        rehearsal.process.kill()
        for pid, _ in rehearsal.processes():
            os.kill(pid, signal.SIGKILL)


def test_nothing_is_left_after_the_end(folder: Path):
    rehearsal = started(folder)
    ports = rehearsal.ports()
    assert rehearsal.process.wait(120) == 0
    wait_until_nothing_is_left(rehearsal, ports)
