"""The Debian package's life on a clean system: install, upgrade, remove, install again from a repository, purge."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packages.conftest import Making
from tests.packages.debian import Machine

pytestmark = pytest.mark.prove
ROOT = Path(__file__).resolve().parents[2]
ENV, KEY, DATABASE = "/etc/mathesar/mathesar.env", "/var/lib/mathesar/secret_key", "/var/lib/mathesar/mathesar.sqlite3"
PROMISED = [
    "750 root:mathesar /etc/mathesar",
    f"640 root:mathesar {ENV}",
    "700 mathesar:mathesar /var/lib/mathesar",
    f"600 mathesar:mathesar {KEY}",
    f"600 mathesar:mathesar {DATABASE}",
]
PATHS = [line.split()[2] for line in PROMISED]
PASSWORD = "made-up-Passphrase-4711"
PEOPLE = f"import sqlite3; print(sqlite3.connect({DATABASE!r}).execute('select username from auth_user').fetchall())"
LARGEST_EXPOSURE = 3.0
# The data on another disk, which is mounted, and the settings behind a link; a link among the data leads out of it
ELSEWHERE = """
systemctl stop mathesar
mkdir /srv/outside
touch /srv/outside/kept
mv /etc/mathesar /srv/settings
ln -s /srv/settings /etc/mathesar
mv /var/lib/mathesar /srv/disk
ln -s /srv/outside /srv/disk/outside
mkdir /var/lib/mathesar
mount --bind /srv/disk /var/lib/mathesar
"""
WRITER = """#!/bin/sh
echo "$(id -un) $*" >>/srv/writers
exec /usr/bin/mktemp.real "$@"
"""


def test_a_life_from_install_to_purge(machine: Machine, deb: Path, newer_deb: Path, tmp_path: Path) -> None:
    others = listening(machine)  # Ubuntu has a resolver
    with drafts(machine) as writers:
        said = machine.apt("install", machine.copy(deb))
    assert writers == ["mathesar"]  # in a folder that is its own, root could be led to other files
    assert "journalctl --unit mathesar --grep 'Setup code'" in said
    assert machine.is_active()
    assert (machine.status("/readyz"), machine.status("/setup")) == ("200", "200")
    assert machine.rights(*PATHS) == PROMISED
    log = machine.run("journalctl", "--unit", "mathesar", "--output", "cat")
    assert "Setup code: " in log
    assert "Ctrl-C" not in log
    assert machine.run("stat", "--format", "%U", f"/proc/{pid(machine)}").strip() == "mathesar"
    assert [each for each in listening(machine) if each not in others] == ["127.0.0.1:8000"]
    key = machine.run("cat", KEY)
    assert len(key.strip()) == 64

    machine.run("mathesar", "reset-admin", "ada", "--noinput",
                env={"MATHESAR_ADMIN_USERNAME": "ada", "MATHESAR_ADMIN_PASSWORD": PASSWORD})  # fmt: skip
    assert machine.run("python3", "-c", PEOPLE) == "[('ada',)]\n"
    assert machine.rights(*PATHS) == PROMISED
    machine.run("sh", "-c", f"echo ALLOWED_HOSTS=data.example.com >>{ENV}")
    settings = machine.run("cat", ENV)

    machine.apt("install", machine.copy(newer_deb))
    assert machine.is_active()
    assert (machine.run("cat", KEY), machine.run("cat", ENV)) == (key, settings)
    assert machine.rights(*PATHS) == PROMISED
    assert "data.example.com" in machine.run("provisioner", "check")
    see_what_it_refuses(machine)

    machine.apt("remove", "mathesar")
    assert not machine.is_active()
    assert machine.rights("/usr/lib/mathesar", "/usr/bin/mathesar", "/lib/systemd/system/mathesar.service") == []
    assert machine.rights(*PATHS) == PROMISED

    publish(machine, [deb, newer_deb], tmp_path)
    machine.apt("install", "mathesar")
    assert machine.run("dpkg-query", "--show", "--showformat=${Version}", "mathesar").startswith("9.")
    assert machine.is_active()
    assert (machine.run("cat", KEY), machine.run("cat", ENV)) == (key, settings)
    assert machine.run("python3", "-c", PEOPLE) == "[('ada',)]\n"

    machine.run("sh", "-ec", ELSEWHERE)
    machine.apt("purge", "mathesar")
    files = machine.run("find", "/srv/disk", "/srv/settings", "/srv/outside", "-mindepth", "1")
    assert files == "/srv/outside/kept\n"
    folders = ["/usr/lib/mathesar", "/usr/share/mathesar", "/usr/share/doc/mathesar"]
    assert [line.split()[2] for line in machine.rights(*PATHS, *folders)] == ["/var/lib/mathesar"]

    machine.run("sh", "-ec", "chown root:root /srv/disk; chmod 755 /srv/disk; mkdir /srv/disk/lost+found")
    machine.apt("install", "mathesar")
    assert machine.is_active()
    assert machine.rights(*PATHS) == PROMISED
    machine.apt("purge", "mathesar")
    machine.run("sh", "-ec", "umount /var/lib/mathesar; rmdir /var/lib/mathesar")
    assert machine.rights(*PATHS, *folders) == []
    left = machine.run("find", "/etc", "/usr", "/var", "-name", "*mathesar*", "-not", "-path", "/*/apt/*")
    assert left == ""
    assert "mathesar" in machine.run("getent", "passwd", "mathesar")  # so that its number is nobody else's


def test_the_service_is_closed_in(machine: Machine, tmp_path: Path) -> None:
    machine.copy(ROOT / "packaging/debian/mathesar.service")
    if int(re.findall(r"\d+", machine.run("systemctl", "--version"))[0]) < 250:
        pytest.skip("this release's systemd-analyze cannot judge a unit that is not loaded")
    shown = machine.run("systemd-analyze", "security", "--offline=true", "/srv/mathesar.service")
    score = re.search(r"Overall exposure level for mathesar\.service: ([0-9.]+)", shown)
    assert score is not None, shown
    assert float(score[1]) <= LARGEST_EXPOSURE


def test_every_file_is_roots_and_as_old_as_the_commit(deb: Path, tmp_path: Path) -> None:
    if "MATHESAR_TEST_DEB" in os.environ:
        pytest.skip("of another commit, maybe")
    commit = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True).stdout
    for part in ("--fsys-tarfile", "--ctrl-tarfile"):
        with (tmp_path / part).open("w+b") as file:
            subprocess.run(["dpkg-deb", part, deb], stdout=file, check=True)
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                kinds = {(each.mtime, each.uid, each.gid) for each in archive}
        assert kinds == {(int(os.environ.get("SOURCE_DATE_EPOCH", commit)), 0, 0)}


def test_lintian_is_quiet(making: Making) -> None:
    found = making.lintian.result()
    assert (found.returncode, found.stdout) == (0, "")


@contextmanager
def drafts(machine: Machine) -> Iterator[list[str]]:
    """Give the users that have begun to write a key, known when the context ends."""
    program, real, seen = (machine.root / path for path in ("usr/bin/mktemp", "usr/bin/mktemp.real", "srv/writers"))
    seen.touch()
    seen.chmod(0o666)
    program.rename(real)
    program.write_text(WRITER)
    program.chmod(0o755)
    writers: list[str] = []
    yield writers
    real.rename(program)
    writers += [line.split()[0] for line in seen.read_text().splitlines() if ".secret_key." in line]


def see_what_it_refuses(machine: Machine) -> None:
    """Try what must end with a finding; the settings are as before afterwards."""
    settings = machine.run("cat", ENV)
    stranger = machine.run("mathesar", "reset-admin", user="65534", check=False)
    assert "MP552" in stranger
    assert "sudo mathesar reset-admin" in stranger
    assert "Usage: mathesar" in machine.run("mathesar", "--help", user="65534")
    assert "createsuperuser" in machine.run(
        "mathesar",
        user="65534",
        env={"_MATHESAR_COMPLETE": "bash_complete", "COMP_WORDS": "mathesar c", "COMP_CWORD": "1"},
    )
    machine.run("sh", "-c", f"printf 'ALLOWED_HOSTS=a.example.com\\nsecret stuff\\n' >{ENV}")
    broken = machine.run("mathesar", "detach", "sales", check=False)
    assert "MP551" in broken
    assert "line 2 is not of the form NAME=value" in " ".join(broken.split())
    assert "stuff" not in broken
    assert broken.startswith("Stops the command\n")
    assert "start." not in broken
    (machine.root / ENV.lstrip("/")).write_text(settings)


def publish(machine: Machine, packages: list[Path], folder: Path) -> None:
    """Put packages into a repository signed with a throw-away key, and make it the machine's only source."""
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    environ = {**os.environ, "GNUPGHOME": str(home)}
    make = [
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        "throw-away",
        "ed25519",
        "sign",
        "1d",
    ]
    subprocess.run(make, env=environ, check=True, capture_output=True)
    exported = ["gpg", "--batch", "--armor", "--export-secret-keys"]
    secret = subprocess.run(exported, env=environ, check=True, capture_output=True, text=True).stdout
    given = {name: value for name, value in os.environ.items() if name != "GNUPGHOME"} | {"APT_SIGNING_KEY": secret}
    place = machine.root / "srv" / "apt"
    command = ["sh", "packaging/apt/repository.sh", *map(str, packages), str(place)]
    done = subprocess.run(command, cwd=ROOT, env=given, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert secret[40:80] not in done.stdout + done.stderr
    subprocess.run(["gpgconf", "--kill", "all"], env=environ, check=False)
    machine.run("sh", "-c", "rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*")
    source = "deb [signed-by=/srv/apt/mathesar-archive-keyring.gpg] file:///srv/apt stable main\n"
    (machine.root / "etc/apt/sources.list.d/mathesar.list").write_text(source)
    machine.apt("update")


def pid(machine: Machine) -> str:
    """Return the service's main process."""
    return machine.run("systemctl", "show", "--property", "MainPID", "--value", "mathesar").strip()


def listening(machine: Machine) -> list[str]:
    """Return every address that something listens on over TCP."""
    found = []
    for line in machine.run("cat", "/proc/net/tcp").splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        if state == "0A":
            address = ".".join(str(part) for part in reversed(bytes.fromhex(local.split(":")[0])))
            found.append(f"{address}:{int(local.split(':')[1], 16)}")
    return found
