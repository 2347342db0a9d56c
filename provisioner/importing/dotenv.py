"""A ``.env`` file of an older install, as Docker Compose reads it, and what is odd about it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from types import MappingProxyType

from provisioner.env_file import assignments
from provisioner.findings import Finding, finding
from provisioner.secret import Secret

from .interpolation import Interpolation
from .outcome import Old, Read, Unused

NOTHING: Mapping[str, str] = MappingProxyType({})


def read_dotenv(text: str, name: str, *, compose: bool = False, base: Mapping[str, str] = NOTHING) -> Read:
    """Read a whole file called `name`; never raises for its content, and no finding quotes a value.

    `compose`: a Compose file is read with it, so what nothing sets is empty, as Compose takes it. `base` are values
    for references from outside the file; as for Compose they go before its own.
    """
    values: dict[str, str] = {}
    known = ChainMap(dict(base), values)
    places: dict[str, int] = {}
    used: dict[str, set[str]] = {}
    found: list[Finding] = []
    unused: list[Unused] = []
    for line in assignments(text, compose=True):
        if isinstance(line, int):
            found.append(finding("import-line", f"{name}:{line}"))
            continue
        interpolation = Interpolation(known, literal=not compose)
        value = line.value if line.quote == "'" else interpolation.text(line.value)
        if line.name in values and values[line.name] != value:
            earlier = f"{name}:{places[line.name]}"
            found.append(finding("import-duplicate", line.name, lines=f"{places[line.name]} and {line.number}"))
            unused.append(Unused(line.name, Secret(values[line.name]), earlier, "it is set again further down"))
        found += interpolation.findings(line.name)
        if line.dollars and not compose:
            found.append(finding("import-dollars", line.name))
        if interpolation.missing and compose:
            place = f"{name}:{line.number}"
            unused.append(Unused(line.name, Secret(line.value), place, "as it was written, with its references"))
        for each in interpolation.used:
            used.setdefault(each, set()).add(line.name)
        values[line.name], places[line.name] = value, line.number
    variables = tuple(Old(key, Secret(value), f"{name}:{places[key]}") for key, value in values.items())
    took = {key: tuple(sorted(names)) for key, names in used.items()}
    return Read(variables, tuple(dict.fromkeys(found)), took, tuple(unused))
