"""The environment and the configuration file as one mapping, in which the environment goes first."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .environment import Environment
from .findings import Finding, finding
from .text import clean, may_hold_password
from .variables import BY_NAME, CONFIG, SECRET_KINDS, find, known_names

if TYPE_CHECKING:
    from .config_file import ConfigFile
    from .planning import Examination, Plan
    from .report import Source

IMPLICIT = "/etc/mathesar/mathesar.toml"
LARGEST = 1_000_000  # bytes
WHICH_FILE = f"The file is that of --config, else of MATHESAR_CONFIG, else {IMPLICIT} where it exists."
# For each variable by itself, the first that is there counts; a blank one is not there.
PRECEDENCE: tuple[tuple[str, str, str], ...] = (
    ("1", "the environment", "NAME, another name of it, or NAME_FILE"),
    ("2", "the configuration file", "its key, or key_file"),
    ("3", "the platform", "its host name and port, where one is detected"),
    ("4", "the default", "mathesar config example says each"),
)


@dataclass(frozen=True)
class Configuration:
    """What is in force. `environ` is read instead of the environment; it holds secrets.

    `source` tells which variables come from the file, `overridden` which of the file's (NAME) the environment
    replaced, by their line. `findings` are about the file itself, `tried` what it sets or tries to.
    """

    environ: Mapping[str, str] = field(repr=False)
    path: str | None = None
    source: Source | None = None
    overridden: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tried: frozenset[str] = frozenset()

    def examine(self, *, platform: str | None = None) -> Examination:
        """Return everything that is found; raises UnknownPlatform."""
        from .planning import examine

        return examine(self.environ, platform=platform, given=self.findings, tried=self.tried)

    def plan(self) -> Plan:
        """Return the plan; raises InvalidEnvironment with every finding."""
        from .findings import InvalidEnvironment

        examination = self.examine()
        if examination.plan is None:
            raise InvalidEnvironment(examination.findings)
        return examination.plan


def configure(
    environ: Mapping[str, str], *, named: str | None = None, implicit: str | None = IMPLICIT
) -> Configuration:
    """Read the configuration file, if there is one, and put the environment before it; never raises.

    `named` is the path of --config; `implicit` is read where no path is named and it exists.
    """
    found: list[Finding] = []
    path = named if named is not None else _named(environ, found)
    if path is None and (found or implicit is None or _absent(implicit)):
        return Configuration(environ, findings=tuple(found), tried=known_names() if found else frozenset())
    return _merged(environ, _read(str(implicit) if path is None else path))


def _named(environ: Mapping[str, str], found: list[Finding]) -> str | None:
    """Return the path that MATHESAR_CONFIG names; what is wrong with that is added to `found`."""
    env = Environment({CONFIG: environ.get(CONFIG, "")})
    path = env.text(CONFIG)
    found += env.findings
    other = f"{CONFIG}_FILE"  # every other NAME_FILE holds a value; this one would be taken for the file itself
    if path is None and clean(environ.get(other)) is not None:
        found.append(finding("near-miss", other, meant=CONFIG))
    return path


def _absent(path: str) -> bool:
    """Tell whether nothing is there; what cannot be told is refused when it is read."""
    try:
        os.stat(path)
    except OSError as problem:
        return problem.errno in (errno.ENOENT, errno.ENOTDIR)
    return False


def _read(path: str) -> ConfigFile:
    from .config_file import ConfigFile, read_config, unread

    if path == os.devnull:
        return ConfigFile(path)
    if not path.strip():
        return unread("--config", "config-unreadable", reason="the path is empty")
    if "://" in path:  # somebody took the variable for another one, and a URL may hold a password
        return unread(CONFIG, "config-unreadable", reason="it is named by a URL, not by a path")
    shown = CONFIG if may_hold_password(path) else path
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                return unread(shown, "config-unreadable", reason="it is not an ordinary file")
            content = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return unread(shown, "config-missing")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not a path"
        return unread(shown, "config-unreadable", reason=reason)
    if len(content) > LARGEST:
        return unread(path, "config-unreadable", reason="it has more than 1 MB")
    return _with_rights(read_config(path, content), state.st_mode)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; where somebody put a pipe in its place, too."""
    return os.open(path, flags | os.O_NONBLOCK)


def _with_rights(file: ConfigFile, mode: int) -> ConfigFile:
    """Add what is to be said about a file that everybody can read or change."""
    from dataclasses import replace

    kinds = {row.kind for name in _held(file) if not name.endswith("_FILE") and (row := find(name))}
    found = []
    if mode & stat.S_IROTH and kinds & SECRET_KINDS:
        found.append(finding("config-readable-by-others", file.path, path=file.path))
    if mode & stat.S_IWOTH:
        found.append(finding("config-writable-by-others", file.path, path=file.path))
    return replace(file, lines={**file.lines, file.path: 1}, findings=(*file.findings, *found)) if found else file


def _held(file: ConfigFile) -> set[str]:
    """Return the variables, NAME or NAME_FILE, for which something stands in the file, be it usable or misspelt."""
    written = {name.partition(",")[0] for name in file.keys}
    meant = file.tried - {name.removesuffix("_FILE") for name in written}
    if file.tried == known_names():
        meant = frozenset()  # it cannot be read as TOML, and nobody knows what is in it
    return {name for name in written if clean(file.values.get(name, "?")) is not None} | meant


def _merged(environ: Mapping[str, str], file: ConfigFile) -> Configuration:
    from .report import Source

    overridden = {name for name in file.keys if _is_set(environ, _base(name))}
    merged = dict(environ)
    merged.update((name, value) for name, value in file.values.items() if name not in overridden)
    lines = {name: line for name, line in file.lines.items() if name not in overridden}
    return Configuration(
        merged,
        file.path,
        Source(file.path, lines, {name: key for name, key in file.keys.items() if name in lines}, whole=False),
        {_base(name): file.lines[name] for name in file.keys if name in overridden and "," not in name},
        tuple(item for item in file.findings if item.variable not in overridden),
        file.tried,
    )


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    """Tell whether the environment sets a variable under any of its names, in clear or as NAME_FILE."""
    row = BY_NAME.get(name)
    names = (row.name, *row.aliases) if row else (name,)
    return any(clean(environ.get(form)) is not None for each in names for form in (each, f"{each}_FILE"))


def _base(name: str) -> str:
    """Return the variable of a place's name: ``NAME``, ``NAME_FILE`` or ``NAME, entry 1``."""
    return name.partition(",")[0].removesuffix("_FILE")
