"""A clean Debian or Ubuntu, made from this machine's own apt sources, booted with its own systemd in a container."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path
from types import TracebackType

# On a machine without systemd, and with cgroups of both versions
SETTINGS = """\
[containers]
default_ulimits = ["nofile=4096:8192", "nproc=4096:8192"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
# The package's dependencies are there: nothing may be fetched while it is installed
PACKAGES = "apt,systemd,systemd-sysv,dbus,python3,adduser,zlib1g,libgcc-s1,gpgv"
UBUNTU = ("jammy", "noble")
PAGE = "import sys, urllib.request as u; print(u.urlopen('http://127.0.0.1:8000' + sys.argv[1], timeout=30).status)"


def make_root(release: str, folder: Path) -> Path:
    """Unpack a minimal system; for Ubuntu MATHESAR_UBUNTU_KEYRING names the keyring of its archive.

    Debian 12 comes from where apt of this machine has it, anything else from where mmdebstrap knows it to be.
    """
    root = folder / "root"
    own = Path("/etc/apt/sources.list.d/debian.sources")
    sources = [str(own)] if release == "bookworm" and own.exists() and release in own.read_text() else []
    ubuntu = [f"--keyring={os.environ['MATHESAR_UBUNTU_KEYRING']}"] if release in UBUNTU else []
    made = subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", f"--include={PACKAGES}", *ubuntu,
         f"--components={'main,universe' if ubuntu else 'main'}",
         "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
         "--dpkgopt=force-unsafe-io",  # nothing here outlives a power cut
         release, str(root), *sources],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    return root


def renumber(package: Path, folder: Path) -> Path:
    """Return a copy under a higher version, which is all that an upgrade goes by; the files are not packed anew."""
    run = partial(subprocess.run, cwd=folder, check=True)
    run(["ar", "x", package])
    packed = next(folder.glob("control.tar*"))
    run(["mkdir", "control"])
    run(["tar", "--extract", "--file", packed.name, "--directory", "control"])
    control = folder / "control" / "control"
    control.write_text(control.read_text().replace("\nVersion: ", "\nVersion: 9."))
    packed.unlink()
    owned = ["--owner=root:0", "--group=root:0"]
    run(["tar", "--create", "--gzip", *owned, "--file", "control.tar.gz", "-C", "control", "."])
    name, version, architecture = package.stem.split("_")
    newer = folder / f"{name}_9.{version}_{architecture}.deb"
    run(["ar", "rc", newer, "debian-binary", "control.tar.gz", next(folder.glob("data.tar*"))])
    return newer


class Machine:
    """A booted system; stopped when the context ends."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        settings = folder / "containers.conf"
        settings.write_text(SETTINGS)
        self.environ = {**os.environ, "CONTAINERS_CONF": str(settings)}
        self.name = ""

    def __enter__(self) -> Machine:
        rights = ["--systemd=always", "--cap-add", "SYS_ADMIN,NET_ADMIN", "--security-opt", "seccomp=unconfined"]
        started = self._podman(
            "run", "--detach", *rights, "--network", "none", "--rootfs", str(self.root), "/sbin/init"
        )
        assert started.returncode == 0, started.stderr
        self.name = started.stdout.strip()
        end = time.monotonic() + 120
        while self.run("systemctl", "is-system-running", check=False).strip() not in ("running", "degraded"):
            assert time.monotonic() < end, self._podman("logs", self.name).stdout
            time.sleep(0.5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._podman("rm", "--force", "--time", "0", self.name)

    def run(self, *command: str, check: bool = True, user: str = "0", env: dict[str, str] | None = None) -> str:
        """Run a command and return what it printed on both outputs; it must succeed unless `check` is false."""
        given = [part for name, value in (env or {}).items() for part in ("--env", f"{name}={value}")]
        done = self._podman("exec", "--user", user, "--workdir", "/", *given, self.name, *command)
        assert not check or done.returncode == 0, (command, done.stdout[-3000:] + done.stderr[-3000:])
        return done.stdout + done.stderr

    def apt(self, *arguments: str) -> str:
        """Run apt-get as a person who is asked nothing."""
        options = ["--yes", "--quiet=2", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
        return self.run("apt-get", *options, *arguments, env={"DEBIAN_FRONTEND": "noninteractive"})

    def copy(self, package: Path) -> str:
        """Put a file into /srv and return its path there."""
        shutil.copy(package, self.root / "srv" / package.name)
        return f"/srv/{package.name}"

    def status(self, path: str) -> str:
        """Return the status of the service's answer."""
        return self.run("python3", "-c", PAGE, path).strip()

    def rights(self, *paths: str) -> list[str]:
        """Return mode and owner of each path that is there, as `640 root:mathesar /etc/…`."""
        shown = self.run("stat", "--format", "%a %U:%G %n", *paths, check=False)
        return [line for line in shown.splitlines() if not line.startswith("stat: ")]

    def is_active(self) -> bool:
        """Tell whether the service runs."""
        return self.run("systemctl", "is-active", "mathesar", check=False).strip() == "active"

    def _podman(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["podman", *arguments], env=self.environ, check=False, capture_output=True, text=True)
