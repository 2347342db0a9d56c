"""Collect what an image holds: `python collect.py IMAGE APPLICATION POSTGRESQL`, run as root in the Dockerfile's build.

IMAGE becomes a folder of layers: system (interpreter, shell and the libraries that anything here is linked with),
packages and application (the virtual environment APPLICATION in two), postgresql (the folder POSTGRESQL) and data.
Nothing is guessed: the libraries are what `ldd` names, and each one's Debian package is what `dpkg` says, whose
licence file comes along.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

# /bin/sh runs release commands, initdb and pg_ctl; the others are what such commands are made of.
PROGRAMS = ["sh", "cat", "chmod", "cp", "env", "id", "ls", "mkdir", "mv", "od", "rm", "sleep", "tail", "tr", "true"]
# glibc opens it by name when a thread is cancelled, so no `ldd` shows it.
BY_NAME = ("libgcc_s.so.1",)
# Of the standard library: what serves development alone, and what links GPL libraries that nothing here needs.
NOT_NEEDED = (
    "config-*", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages", "test", "tkinter", "turtledemo",
    "turtle.py*", "turtle.cpython-*", "_pyrepl", "_test*", "_xxtest*", "xxlimited*", "xxsubtype*", "_ctypes_test*",
    "_tkinter*", "_curses*", "curses", "_dbm*", "_gdbm*", "readline.*",
)  # fmt: skip
OWN = ("mathesar", "mathesar-*.dist-info", "platforms", "provisioner")
ACCOUNT = 10001
MERGED = ("bin", "lib", "lib64", "sbin")
TEXTS = {
    "etc/passwd": "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n"
    f"mathesar:x:{ACCOUNT}:{ACCOUNT}::/nonexistent:/usr/sbin/nologin\n",
    "etc/group": f"root:x:0:\nmathesar:x:{ACCOUNT}:\n",
    "etc/ld.so.conf": "/usr/local/lib\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "usr/share/mathesar/image": "This is an image of Mathesar; its texts speak of volumes and of tags then.\n",
}


def main(image: Path, application: Path, postgresql: Path) -> None:
    """Fill `image`, which must not exist yet. Raises SystemExit where a library is missing."""
    system = image / "system"
    for name in MERGED:
        (system / "usr" / name).mkdir(parents=True)
        (system / name).symlink_to(f"usr/{name}")
    for name in ("etc", "proc", "sys", "dev", "run", "var/lib"):
        (system / name).mkdir(parents=True)
    (system / "tmp").mkdir()
    (system / "tmp").chmod(0o1777)
    for name, text in TEXTS.items():
        _write(system / name, text)
    (image / "data" / "mathesar").mkdir(parents=True, mode=0o700)

    python = _copy_python(system)
    split(application, image)
    shutil.copytree(postgresql, image / "postgresql" / postgresql.relative_to("/"), symlinks=True)
    programs = [Path("/bin") / name for name in PROGRAMS]
    binaries = [*programs, *elves(python), *elves(application), *elves(postgresql)]
    libraries = set(needed(binaries)) | {_library(name) for name in BY_NAME}
    placed = [file for path in sorted({*programs, *libraries}) for file in place(path, system)]
    placed += _copy_data(system)
    describe(placed, system)
    subprocess.run(["ldconfig", "-r", str(system)], check=True)  # for what is not in a default folder: libpython
    shutil.rmtree(system / "var" / "cache", ignore_errors=True)


def elves(place: Path) -> list[Path]:
    """Return the programs and libraries in a file or folder, by the first four bytes of an ELF file."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return sorted(path for path in files if not path.is_symlink() and _first_bytes(path) == b"\x7fELF")


def needed(binaries: Iterable[Path]) -> Iterator[Path]:
    """Yield each library, and the loader, outside /opt and /usr/local that one of the files is linked with."""
    for binary in binaries:
        listed = subprocess.run(["ldd", str(binary)], check=False, capture_output=True, text=True).stdout
        if "not found" in listed:
            raise SystemExit(f"{binary} is linked with a library that is not here:\n{listed}")
        for path in re.findall(r"(/\S+) \(0x", listed):
            if not path.startswith(("/opt/", "/usr/local/")):
                yield Path(path)


def place(path: Path, system: Path) -> Iterator[Path]:
    """Copy a file and the links that lead to it to the same places under `system`; yield each real path."""
    path = path.parent.resolve() / path.name
    target = system / path.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        following = path.parent / path.readlink()
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(following.parent.resolve() / following.name, path.parent))
        yield from place(following, system)
    else:
        shutil.copy2(path, target)
    yield path


def split(application: Path, image: Path) -> None:
    """Copy the virtual environment as two layers: what changes with the lock, and what changes with each release."""
    site = next(application.glob("lib/python*/site-packages"))
    own = [*(path for name in OWN for path in site.glob(name)), *(application / "bin" / name for name in OWN[::3])]
    for layer, chosen in (("packages", lambda path: path not in own), ("application", lambda path: path in own)):
        for path in [*application.glob("*.cfg"), *(application / "bin").iterdir(), *site.iterdir()]:
            if chosen(path):
                _copy(path, image / layer / path.relative_to("/"))


def describe(files: Iterable[Path], system: Path) -> None:
    """Write each file's Debian package into system.tsv and for scanners into dpkg's folder; copy its licence."""
    lines = [f"generic\tpython\t{sys.version.split()[0]}\tPSF-2.0"]
    for package in sorted({_package(path) for path in files}):
        shown = subprocess.run(["dpkg-query", "-s", package], check=True, capture_output=True, text=True).stdout
        version = next(line.split(" ", 1)[1] for line in shown.splitlines() if line.startswith("Version: "))
        name = package.partition(":")[0]
        licence = Path("/usr/share/doc") / name / "copyright"
        _copy(licence.resolve(strict=True), system / licence.relative_to("/"))
        names = re.findall(r"^License: *(\S.*)$", licence.read_text(errors="replace"), re.MULTILINE)
        lines.append(f"deb\t{name}\t{version}\t{' AND '.join(sorted(set(names))) or f'see {licence}'}")
        _write(system / "var/lib/dpkg/status.d" / name, shown)
    _write(system / "usr/share/mathesar/system.tsv", "".join(f"{line}\n" for line in lines))


def _copy_python(system: Path) -> Path:
    """Copy interpreter and standard library, in place as they are; return the copy's folder for its libraries."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    prefix, major = Path(sys.base_prefix), sys.version_info[0]
    _copy(stdlib, system / stdlib.relative_to("/"), shutil.ignore_patterns(*NOT_NEEDED))
    for path in [
        *prefix.glob(f"bin/python{major}*"),
        prefix / "bin/python",
        *prefix.glob("lib/lib*.so*"),
    ]:
        if not path.name.endswith("-config"):
            _copy(path, system / path.relative_to("/"))
    return system / prefix.relative_to("/")


def _copy_data(system: Path) -> list[Path]:
    """Copy time zones, certificate authorities, licence texts and the release's name; return one file of each package.

    The authorities are those that the package ships: the machine that builds may trust others.
    """
    zones, authorities = Path("/usr/share/zoneinfo"), Path("/usr/share/ca-certificates")
    licences, release = Path("/usr/share/common-licenses"), Path("/usr/lib/os-release")
    _copy(zones, system / zones.relative_to("/"), shutil.ignore_patterns("posix", "right", "*.zi", "leap*", "*.list"))
    _copy(licences, system / licences.relative_to("/"))
    certificates = sorted(authorities.rglob("*.crt"))
    texts = [certificate.read_text().strip() + "\n" for certificate in certificates]
    _write(system / "etc/ssl/certs/ca-certificates.crt", "".join(texts))
    _copy(release, system / release.relative_to("/"))
    (system / "etc/os-release").symlink_to("../usr/lib/os-release")
    return [zones / "UTC", certificates[0], release]


def _package(path: Path) -> str:
    """Return the Debian package of a file, which dpkg may know by its place from before /usr was merged."""
    for name in (path, "/" / path.relative_to("/usr")):
        found = subprocess.run(["dpkg-query", "-S", str(name)], check=False, capture_output=True, text=True)
        owners = [line for line in found.stdout.splitlines() if not line.startswith("diversion by ")]
        if owners:
            return owners[0].split(": ")[0].split(",")[0]
    raise SystemExit(f"no Debian package owns {path}")


def _library(name: str) -> Path:
    listed = subprocess.run(["ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    return Path(re.findall(rf"\s{re.escape(name)} .*=> (\S+)", listed)[0])


def _copy(source: Path, target: Path, ignore: object = None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True, ignore=ignore)  # type: ignore[arg-type]
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
