"""The whole conversion: what was read becomes today's variables for one target, examined as it would run."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

from provisioner.findings import Finding, finding
from provisioner.planning import Examination, examine
from provisioner.platform import Contract, load
from provisioner.secret_key import weakness
from provisioner.text import clean, is_placeholder
from provisioner.variables import DATABASE_KINDS, find

from .conversion import Conversion
from .databases import convert_databases
from .entries_list import judge_databases
from .old_names import OLD_NAMES, of_kind
from .outcome import Imported, Read
from .quoting import read_alike
from .web import convert_web

OWN_MACHINE = "a machine of your own"
KEY = "SECRET_KEY"
_TRUE = ("1", "true", "yes", "on", "t", "y")  # as provisioner.environment reads it
_BY_MANIFEST = ("database-missing", "secret-missing", "hosts-missing", "shutdown-window")
_SECRET_KINDS = (*DATABASE_KINDS, "secret", "secrets")


def new_key() -> str:
    """Return a new SECRET_KEY: 384 random bits in base64, as `openssl rand -base64 48` gives."""
    return base64.b64encode(secrets.token_bytes(48)).decode()


def convert(read: Read, target: str | None, *, make_key: Callable[[], str] = new_key) -> Imported:
    """Convert what was read for a platform by name, or for a machine of one's own (None).

    Every variable of `read` has exactly one outcome. Raises UnknownPlatform.
    """
    contract = load(target).contract({}) if target else None
    conversion = Conversion(read, contract)
    if not read.variables:
        conversion.add("import-empty", "PATH")
    _renamed(conversion)
    convert_databases(conversion)
    _key(conversion, make_key)
    convert_web(conversion)
    _debug(conversion)
    _gone(conversion)
    conversion.rest()
    _admin(conversion)
    judge_databases(conversion)
    _unlike(conversion)
    _paste(conversion)
    environ = {each.name: each.value.get_secret_value() for each in conversion.new.values()}
    examination, awaited = _without_manifest(examine(environ, platform=target), conversion)
    return Imported(
        target,
        contract.label if contract else OWN_MACHINE,
        tuple(conversion.outcomes[name] for name in conversion.old),
        conversion.variables(),
        tuple(conversion.left),
        tuple(conversion.findings),
        examination,
        _set_by(contract),
        awaited,
    )


def _renamed(conversion: Conversion) -> None:
    for name in conversion.open(*of_kind("rename")):
        conversion.rename(name, OLD_NAMES[name].words)


def _key(conversion: Conversion, make_key: Callable[[], str]) -> None:
    """Keep the key where it is fit, and put a new one in its place where it is not."""
    cleaned = clean(conversion.text(KEY))
    if cleaned is None:
        return  # a platform's manifest generates one, and a machine of one's own makes its key file
    reason = "it is a placeholder" if is_placeholder(cleaned.text) else weakness(cleaned.text)
    if cleaned.problem == "unresolved-reference" or reason is None:
        conversion.keep(KEY)
        return
    conversion.add("import-key-weak", KEY, reason=reason)
    conversion.drop(KEY, why="it can be guessed; a new one was made")
    conversion.put(KEY, make_key())


def _debug(conversion: Conversion) -> None:
    cleaned = clean(conversion.text("DEBUG"))
    if conversion.contract and cleaned and cleaned.text.lower() in _TRUE:
        conversion.add("import-debug", "DEBUG")
        conversion.drop("DEBUG", why="debug pages are refused on a platform")


def _gone(conversion: Conversion) -> None:
    contract = conversion.contract
    published = ("ADDRESS",) if contract and contract.host_variable == "APP_URL" else ()
    for name in conversion.open(*of_kind("gone", "inner", "proxy", "container")):
        if name in published:
            conversion.keep(name)
            continue
        row = OLD_NAMES[name]
        gone = row.kind == "gone"
        conversion.add("import-gone" if gone else "import-inner", name, what=row.words)
        conversion.drop(name, why=f"there is nothing here for {row.words}" if gone else f"it was {row.words}")
    for name in conversion.open(*of_kind("marker")):
        if contract and conversion.old[name].text.strip() == contract.name:
            conversion.keep(name)
        else:
            conversion.drop(name, why=f"it is {OLD_NAMES[name].words}")


def _admin(conversion: Conversion) -> None:
    password, name = "MATHESAR_ADMIN_PASSWORD", "MATHESAR_ADMIN_USERNAME"
    if password in conversion.new and not {name, f"{name}_FILE"} & set(conversion.new):
        conversion.put(name, "admin")
        conversion.add("import-admin-name", name)


def _unlike(conversion: Conversion) -> None:
    """Name what the readers of the written file do not take for the same."""
    for each in conversion.variables():
        if not read_alike(each.name, each.value.get_secret_value()):
            conversion.add("import-read-unlike", each.name)


def _paste(conversion: Conversion) -> None:
    """Name the secrets that somebody has to carry to the platform."""
    contract = conversion.contract
    rows = ((each.name, find(each.name)) for each in conversion.variables() if not each.name.endswith("_FILE"))
    names = [name for name, row in rows if row is None or row.kind in _SECRET_KINDS]
    if contract and names:
        made = finding("import-paste", names[0], platform=contract.name, names=", ".join(names), label=contract.label)
        conversion.findings.append(made)


def _without_manifest(examination: Examination, conversion: Conversion) -> tuple[Examination, tuple[str, ...]]:
    """Take out what only says that the platform's manifest has not run yet, and name the variables once."""
    contract = conversion.contract

    def awaited(item: Finding) -> bool:
        return contract is not None and item.kind in _BY_MANIFEST and item.variable not in conversion.new

    names = tuple(item.variable for item in examination.findings if awaited(item))
    if contract and names:
        conversion.add("import-awaited", names[0], names=", ".join(names), label=contract.label)
    findings = tuple(item for item in examination.findings if not awaited(item))
    stopping = tuple(item for item in examination.stopping if not awaited(item))
    return Examination(findings, stopping, examination.plan), names


def _set_by(contract: Contract | None) -> tuple[str, ...]:
    """Return what the platform sets itself, so that nobody looks for it in the written file."""
    if contract is None:
        return ()
    return tuple(name for name in ("PORT", contract.host_variable) if name)
