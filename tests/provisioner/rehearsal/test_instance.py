"""An instance has what the platform gives it and nothing of this machine, and goes with all it has made."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from provisioner.localpg import account
from provisioner.rehearsal import naming
from provisioner.rehearsal.address import own_address
from provisioner.rehearsal.instance import LINES, Instance
from provisioner.rehearsal.keeper import Keeper
from provisioner.rehearsal.processes import descendants

Make = Callable[..., Instance]
NAMES = {"db.tiny.internal": own_address()} if naming.possible() else {}  # as a session has them


def closed() -> bool:
    """Whether an ordinary user cannot start this Python by itself, as with one below a home of root's."""
    runner = account.choose(os.environ, Path("/nowhere"))
    places = (Path(sys.executable).parent, Path(sys.executable).resolve().parent)
    return runner.switch and any(account.first_closed_folder(place, runner) for place in places)


plain = pytest.mark.skipif(closed(), reason="an ordinary user cannot start this Python")


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with Keeper() as made:
        yield made


@pytest.fixture
def make(keeper: Keeper) -> Iterator[Make]:
    made: list[Instance] = []

    def start(code: str, env: Mapping[str, str] | None = None, hosts: Mapping[str, str] | None = None, **more):
        command = (sys.executable, "-c", code)
        made.append(Instance(keeper, f"app{len(made)}", command, env or {}, NAMES if hosts is None else hosts, **more))
        return made[-1]

    yield start
    for instance in made:
        instance.stop(0)


def said(instance: Instance) -> list[str]:
    assert instance.wait(20) is not None
    return instance.lines


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


@pytest.mark.parametrize("hosts", [NAMES, pytest.param({}, marks=plain)], ids=["named", "plain"])
def test_the_environment_is_the_platforms_alone(make: Make, monkeypatch: pytest.MonkeyPatch, hosts: dict[str, str]):
    monkeypatch.setenv("PLANTED_HERE", "planted")
    monkeypatch.setenv("DATABASE_URL", "postgresql://mine@here/data")
    monkeypatch.setenv("PYTHONPATH", "/planted")
    code = "import os; print(sorted(os.environ.items()))"
    text = " ".join(said(make(code, {"GIVEN": "by the platform"}, hosts)))
    assert "by the platform" in text
    assert "planted" not in text
    assert "DATABASE_URL" not in text
    names = {name for name, _ in eval(text)}
    assert names <= {"PATH", "HOME", "TMPDIR", "LANG", "GIVEN", "LC_CTYPE", "PWD", "OLDPWD", "SHLVL", "_"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
@pytest.mark.parametrize("hosts", [NAMES, pytest.param({}, marks=plain)], ids=["named", "plain"])
def test_root_becomes_an_ordinary_user(make: Make, hosts: dict[str, str]):
    code = "import os; print(os.getuid(), os.geteuid(), os.getgid(), len(os.getgroups()), os.access('.', os.W_OK))"
    uid, effective, gid, groups, writes = said(make(code, hosts=hosts))[0].split()
    assert uid == effective
    assert "0" not in (uid, gid)
    assert groups in ("0", "1")
    assert writes == "True"
    caps = said(make("print([row for row in open('/proc/self/status') if row.startswith('CapEff')])", hosts=hosts))
    # at most CAP_DAC_READ_SEARCH (capability 2), without which a Python below a home of root's does not start
    assert int(caps[0].split("\\t")[1].split("\\")[0], 16) & ~(1 << 2) == 0


def test_the_disk_is_its_own_and_goes(make: Make):
    code = "import os; open('note', 'w').close(); print(os.getcwd(), os.environ['HOME'], os.environ['TMPDIR'])"
    one, two = make(code), make("import os; print(os.listdir())")
    here = said(one)[0].split()
    assert {Path(place).resolve() for place in here} == {one.disk.resolve()}
    assert said(two) == ["[]"]
    assert one.disk.stat().st_mode & 0o777 == 0o700
    assert (one.disk / "note").exists()
    one.stop(1)
    assert not one.disk.exists()
    assert two.disk.exists()


def test_the_source_is_copied(make: Make, tmp_path: Path):
    for name in ("app.py", "pkg/mod.py", ".git/config", ".venv/bin/x", "pkg/__pycache__/mod.pyc", "node_modules/a.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1")
    (tmp_path / "link").symlink_to("app.py")
    (tmp_path / "dangling").symlink_to("nowhere")
    code = "import os; open('app.py', 'a').write('2'); print(sorted(f for _, d, fs in os.walk('.') for f in fs + d))"
    instance = make(code, source=tmp_path)
    assert eval(said(instance)[0]) == ["app.py", "dangling", "link", "mod.py", "pkg"]
    assert (tmp_path / "app.py").read_text() == "x = 1"
    instance.stop(0)
    assert (tmp_path / "app.py").exists()


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
POLITE = """
import signal, sys, time
def end(*_):
    print("ending", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(600)
"""


def test_sigterm_is_enough_for_the_polite(make: Make):
    instance = make(POLITE)
    until(lambda: instance.lines == ["up"])
    seconds, killed = instance.stop(10)
    assert not killed
    assert seconds < 10
    assert instance.lines == ["up", "ending"]
    assert not instance.running


def test_sigkill_after_the_window_with_its_children(make: Make):
    instance = make(f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', '''{DEAF}'''])\n{DEAF}")
    until(lambda: instance.lines == ["up", "up"])
    children = descendants(instance.process.pid)
    assert len(children) == 1
    seconds, killed = instance.stop(0.5)
    assert killed
    assert seconds >= 0.5
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def test_what_has_ended_can_be_stopped(make: Make):
    instance = make("print('done')")
    assert said(instance) == ["done"]
    seconds, killed = instance.stop(10)
    assert not killed
    assert seconds < 10


def test_output_of_every_kind(make: Make):
    code = "import sys\nsys.stdout.buffer.write(b'\\xff\\xfe\\n' + b'x' * 3_000_000 + b'\\n\\x00\\nno end')"
    code += "\nsys.stderr.write('err')"
    lines = said(make(code))
    assert lines[0] == "\ufffd\ufffd"
    assert len(lines[1]) <= 3_000_000
    assert lines[2] == "\x00"
    assert "no end" in "".join(lines)
    assert "err" in "".join(lines)


def test_more_output_than_is_kept_does_not_stop_it(make: Make):
    instance = make(f"for n in range({LINES} + 3000): print('line', n)")
    assert len(said(instance)) == LINES
    assert instance.process.returncode == 0


def test_the_last_lines_are_kept(make: Make):
    """What went wrong stands at the end of a log, however long it is."""
    code = f"for n in range({LINES} * 2): print('line', n)\nprint('Error: the reason')"
    assert "Error: the reason" in said(make(code))


def test_memory_counts_children(make: Make):
    big = "x = bytearray(60 << 20); x[::4096] = b'x' * len(x[::4096]); print('up', flush=True)"
    big = f"import time; {big}; time.sleep(600)"
    instance = make(f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', '''{big}'''])\n{big}")
    until(lambda: instance.lines == ["up", "up"])
    assert 120 < instance.measure() < 220
    assert instance.peak_mb >= 120
    instance.kill_for_memory()
    assert instance.wait(10) == -9
    assert instance.measure() == 0
    assert instance.peak_mb >= 120


@pytest.mark.skipif(not naming.possible(), reason="no namespaces")
def test_names_are_known_inside_only(make: Make):
    code = "import socket; print(socket.gethostbyname('db.tiny.internal'), socket.gethostbyname('localhost'))"
    assert said(make(code, hosts=NAMES)) == [f"{own_address()} 127.0.0.1"]
    with pytest.raises(socket.gaierror):
        socket.gethostbyname("db.tiny.internal")
    assert "db.tiny.internal" not in Path("/etc/hosts").read_text()
    assert "db.tiny.internal" not in Path("/proc/mounts").read_text()


@pytest.mark.parametrize("named", [False, True])
def test_a_program_that_does_not_exist_is_told(keeper: Keeper, named: bool):
    hosts = NAMES if named else {}
    try:
        instance = Instance(keeper, "none", ("no-such-program-at-all",), {}, hosts)
    except FileNotFoundError:
        assert not hosts  # a namespace tells it on its own output
    else:
        assert instance.wait(10) not in (0, None)
        assert "no-such-program-at-all" in " ".join(instance.lines)
        instance.stop(0)
