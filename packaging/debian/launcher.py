#!/usr/bin/python3 -IS
"""The commands `mathesar` and `provisioner` of the Debian package: /usr/bin holds links to this file.

It chooses the libraries compiled for the system's Python, gives the command the service's settings, and lets
`mathesar` run as the service's user only. -IS: nothing of a person's or the system's own Python packages is seen.
"""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
SETTINGS = Path("/etc/mathesar/mathesar.env")
DATA = "/var/lib/mathesar"
USER = "mathesar"
# What the settings may change. People add their databases on the page, or name them in the settings.
DEFAULTS = {"MATHESAR_DATA_DIR": DATA, "MATHESAR_EMBEDDED_DATABASE": "false"}
HARMLESS = frozenset({"-h", "--help", "--version"})


def main() -> None:
    """Run the command by whose name this file was called."""
    name = Path(sys.argv[0]).name
    choose_libraries()
    if is_service():
        read_settings()
        if name == "mathesar":
            become_service()
    elif name == "mathesar" and not is_harmless():
        refuse("not-the-service", " ".join((name, *sys.argv[1:2])))
    if name == "mathesar":
        from mathesar.cli import main as command
    else:
        from provisioner.cli import main as command
    command(prog_name=name)


def choose_libraries() -> None:
    """Put the folders for this Python first; a folder `py310-311` holds what is for 3.10 and 3.11."""
    running = f"{sys.version_info[0]}{sys.version_info[1]}"
    folders = {each: each.name.removeprefix("py").split("-") for each in sorted(HERE.glob("py*"))}
    chosen = [str(folder) for folder, versions in folders.items() if running in versions]
    if chosen:
        sys.path[:0] = chosen
        return
    sys.path[:0] = [str(max(folders, key=lambda folder: len(folders[folder])))]  # what needs no compiled library
    refuse("python-unsupported", "/usr/bin/python3", reason=f"{sys.version_info[0]}.{sys.version_info[1]}")


def is_service() -> bool:
    """Tell whether root or the service's user runs this."""
    return os.geteuid() in (0, pwd.getpwnam(USER).pw_uid)


def is_harmless() -> bool:
    """Tell whether only help, the version or a shell's completion is asked for."""
    return len(sys.argv) == 1 or bool(HARMLESS.intersection(sys.argv)) or "_MATHESAR_COMPLETE" in os.environ


def read_settings() -> None:
    """Put the service's settings into the environment, in place of what the caller's has by the same names."""
    from provisioner.env_file import EnvFileError, read_env_file

    reason, found = "", {}
    try:
        found = {name: value for name, (value, _) in read_env_file(SETTINGS.read_text(encoding="utf-8")).items()}
        os.environ.update(found)
    except FileNotFoundError:
        pass  # it may be deleted: then the defaults are all
    except OSError as error:
        reason = error.strerror or "it is no file"
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    except EnvFileError as error:
        reason = str(error)
    except ValueError:
        reason = "a value holds a character that no variable can have"
    if reason:
        refuse("settings-file", str(SETTINGS), reason=reason)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def become_service() -> None:
    """Go on as the service's user: what root wrote, the service could not read."""
    account = pwd.getpwnam(USER)
    os.umask(0o077)
    if os.geteuid() == 0:
        os.initgroups(USER, account.pw_gid)
        os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
        os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    os.environ.update(HOME=DATA, USER=USER, LOGNAME=USER)
    if not os.access(".", os.R_OK | os.X_OK):
        if not is_harmless():  # a completion's words stand on the line that is being typed
            print(f"The user {USER} may not read this folder: working in {DATA}.", file=sys.stderr)
        os.chdir(DATA)


def refuse(kind: str, variable: str, **details: str) -> NoReturn:
    """End with a finding on standard error."""
    from mathesar.boot.console import show_refusal
    from provisioner.findings import finding

    show_refusal([finding(kind, variable, **details)])
    sys.exit(1)


if __name__ == "__main__":
    main()
