"""Who runs on this machine, with and without `ps`; and who has left a rehearsal's group is found all the same."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.rehearsal import clearing, processes
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.processes import descendants, members, memory_mb, running, strays

linux = pytest.mark.skipif(sys.platform != "linux", reason="it is known by /proc, which is Linux's")
# Says its number, then stays; the disk it was started on stands in its environment or is where it works.
STAYS = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
LEAVES = f"""
import os, subprocess, sys
env = dict(os.environ) if "knows" in sys.argv else {{"PATH": os.defpath}}
cwd = "/" if "elsewhere" in sys.argv else None
subprocess.Popen([sys.executable, "-c", {STAYS!r}], env=env, cwd=cwd, start_new_session=True)
"""


def alive(pid: int) -> bool:
    return any(each.pid == pid and not each.zombie for each in running())


def daemon(keeper: Keeper, *ways: str) -> int:
    """Start what leaves the group as a daemon does, on a disk of the keeper's; return the daemon's number."""
    disk = keeper.folder / "disks" / "web.1"
    disk.mkdir(parents=True)
    process = keeper.start(
        [sys.executable, "-c", LEAVES, *ways], env={"HOME": str(disk)}, cwd=disk, output=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout as said:
        pid = int(said.readline())
    process.wait(10)
    return pid


@linux
@pytest.mark.parametrize("ways", [("knows",), ("knows", "elsewhere"), ()])
def test_who_has_left_the_group_ends_with_the_rehearsal(ways: tuple[str, ...]):
    with Keeper() as keeper:
        pid, folder = daemon(keeper, *ways), keeper.folder
        assert pid not in members(keeper.group)
        assert strays(folder) == [pid]
    assert not alive(pid)
    assert not folder.exists()


BLIND = """
import sys
from pathlib import Path
from provisioner.localpg.account import Account
from provisioner.rehearsal import processes
from provisioner.rehearsal.keeper import Keeper

nobody = Account(65534, 65534, switch=True)
with Keeper() as keeper:
    disk = keeper.folder / "disks" / "web.1"
    disk.mkdir(parents=True)
    nobody.give(disk)
    process = keeper.start(
        ["sh", "-c", "setsid sh -c 'echo $$; exec sleep 600'"], env={"HOME": str(disk), "PATH": "/usr/bin:/bin"},
        cwd=disk, output=-1, account=nobody.process_options,
    )
    pid = int(process.stdout.readline())
    print(pid, processes.strays(keeper.folder), flush=True)
    process.kill()
"""


@linux
@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts as somebody else")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv to take a capability away")
def test_root_of_a_container_may_not_look_into_others():
    """Docker gives none of these capabilities: the environment of another account's process cannot be read."""
    command = ["setpriv", "--bounding-set=-sys_ptrace,-perfmon,-sys_admin", sys.executable, "-c", BLIND]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    pid, _, seen = done.stdout.strip().partition(" ")
    assert seen == "[]"
    assert not alive(int(pid))


@linux
def test_who_looks_around_is_left_alone(tmp_path: Path):
    """A person's shell in the folder has a terminal."""
    pid, terminal = os.forkpty()
    if pid == 0:
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-c", STAYS])
    try:
        assert int(os.read(terminal, 100)) == pid
        assert Path(os.readlink(f"/proc/{pid}/cwd")) == tmp_path
        assert strays(tmp_path) == []
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


@linux
def test_no_ps_is_needed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with Keeper() as keeper:
        process = keeper.start([sys.executable, "-c", STAYS], env={}, cwd=keeper.folder, output=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout as said:
            assert int(said.readline()) == process.pid
        assert set(members(keeper.group)) == {keeper.group, process.pid}
        assert process.pid in descendants(os.getpid())
        assert memory_mb(process.pid) > 1
        group, folder = keeper.group, keeper.folder
    assert members(group) == []
    assert not folder.exists()


@linux
@pytest.mark.skipif(shutil.which("ps") is None, reason="there is no ps to compare with")
def test_ps_says_the_same(monkeypatch: pytest.MonkeyPatch):
    with subprocess.Popen([sys.executable, "-c", STAYS], stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        known = {each.pid: each for each in running()}
        monkeypatch.setattr(processes.sys, "platform", "darwin")
        said = {each.pid: each for each in running()}
        monkeypatch.undo()
        process.kill()
    for pid in (os.getpid(), process.pid):
        one, two = known[pid], said[pid]
        assert (one.parent, one.group, one.zombie, one.terminal) == (two.parent, two.group, two.zombie, two.terminal)
    assert known[process.pid].resident_mb == pytest.approx(said[process.pid].resident_mb, abs=2)


def test_a_name_may_hold_anything():
    code = f"import ctypes; ctypes.CDLL(None).prctl(15, b'a) Z 1 ((', 0, 0, 0); {STAYS}"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (found,) = [each for each in running() if each.pid == process.pid]
        process.kill()
    assert (found.parent, found.zombie) == (os.getpid(), False)


def test_the_folder_goes_and_the_anchor_ends_where_processes_cannot_be_listed(tmp_path: Path):
    """Whatever goes wrong while the group is ended: nothing of the keeper's own stays."""
    broken = (
        "import sys; sys.path.insert(0, sys.argv[1]); from provisioner.rehearsal import clearing\n"
        "def members(group): raise OSError('nothing can be listed')\n"
        "clearing.members = members; clearing.keep()"
    )
    command = [*clearing.program()[:3], broken, clearing.program()[4]]
    done = subprocess.run(
        command, input="", capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    anchor, folder = done.stdout.split()
    assert "nothing can be listed" in done.stderr
    assert Path(folder).parent == tmp_path
    assert not Path(folder).exists()
    assert not alive(int(anchor))


def test_nothing_that_is_started_leaves_a_dump_of_its_memory():
    before = resource.getrlimit(resource.RLIMIT_CORE)
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)"
    with Keeper() as keeper:
        process = keeper.start([sys.executable, "-c", code], env={}, cwd=keeper.folder, output=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout as said:
            assert said.read() == b"0\n"
    assert resource.getrlimit(resource.RLIMIT_CORE) == before
