"""What a rehearsal starts ends with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provisioner.rehearsal.keeper import Keeper, members

SLEEP = "import time; time.sleep(600)"
CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{SLEEP}']); {SLEEP}"
DEAF = "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (2, 3, 15)]; open('deaf', 'x'); time.sleep(600)"
MAIN = """
import os, sys, time
from provisioner.rehearsal.keeper import Keeper
with Keeper() as keeper:
    (keeper.folder / "file").write_text("x")
    for code in sys.argv[1:]:
        keeper.start([sys.executable, "-c", code], env=os.environ, cwd=keeper.folder)
    print(keeper.group, keeper.folder, flush=True)
    time.sleep(600)
"""


def wait_until_gone(group: int, folder: Path) -> None:
    until = time.monotonic() + 15
    while (members(group) or folder.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert members(group) == []
    assert not folder.exists()


def wait_for_file(file: Path) -> None:
    until = time.monotonic() + 60
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert file.exists()


def test_the_end_of_the_block_ends_all():
    with Keeper() as keeper:
        process = keeper.start([sys.executable, "-c", CHILD], env=os.environ, cwd=keeper.folder)
        until = time.monotonic() + 10
        while len(members(keeper.group)) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(members(keeper.group)) == 3
        group, folder = keeper.group, keeper.folder
    assert process.wait(5) != 0
    assert members(group) == []
    assert not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_kill_ends_all(number):
    main = subprocess.Popen(
        [sys.executable, "-c", MAIN, CHILD, DEAF], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert main.stdout is not None
    group, folder = main.stdout.readline().split()
    wait_for_file(Path(folder) / "deaf")
    main.send_signal(number)
    main.wait(10)
    main.stdout.close()
    wait_until_gone(int(group), Path(folder))


def test_a_deaf_process_is_killed():
    with Keeper() as keeper:
        process = keeper.start([sys.executable, "-c", DEAF], env=os.environ, cwd=keeper.folder)
        wait_for_file(keeper.folder / "deaf")
    assert process.wait(5) == -signal.SIGKILL
