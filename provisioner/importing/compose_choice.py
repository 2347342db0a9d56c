"""Whose a variable is: of a Compose project's services, one is Mathesar's, and some share its database and proxy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from provisioner.findings import Finding, finding
from provisioner.variables import find

from .old_names import OLD_NAMES
from .outcome import Old, Read, Unused

# What only Mathesar's own service has; the old database's and proxy's containers share the other kinds with it.
_OWN = ("SECRET_KEY", "MATHESAR_DATABASES", "DJANGO_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY")
_SHARED = ("part", "address", "proxy", "container", "port")

Takers = Mapping[str, Set[tuple[str, str]]]  # of .env: which services took a variable, each into which of its own


@dataclass(slots=True)
class Resolved:
    """A service with what its variables come to; `unused` are the values that later ones replaced."""

    name: str
    image: str
    variables: dict[str, Old] = field(default_factory=dict)
    unused: list[Unused] = field(default_factory=list)

    def put(self, old: Old) -> None:
        """Set a variable; another value that it had before is kept among `unused`."""
        earlier = self.variables.get(old.name)
        if earlier is not None and earlier.value != old.value:
            self.unused.append(_replaced(earlier, old))
        self.variables[old.name] = old


def choose(
    services: Sequence[Resolved],
    dotenv: Read,
    findings: Sequence[Finding],
    used: Mapping[str, Set[str]],
    taken: Takers,
) -> Read:
    """Return the variables of Mathesar's service, what the others share with it, and what .env has besides.

    `findings`, `used` (as in Read) and `taken` are those of the reading; there is at least one service.
    """
    main = max(services, key=_likeness)
    found = list(findings)
    chosen = dict(main.variables)
    giver = dict.fromkeys(chosen, main.name)
    unused = list(main.unused)
    for service in services:
        if service is main:
            continue
        unused += [each for each in service.unused if _shared(each.name)]
        for key, old in service.variables.items():
            if key not in chosen and _shared(key):
                chosen[key], giver[key] = old, service.name
            elif key not in chosen:
                found.append(finding("import-other", key, service=service.name))
            elif chosen[key].value != old.value and _known(key):
                other = f"service {giver[key]}"
                found.append(finding("import-service", key, service=service.name, other=other))
                unused += [_replaced(old, chosen[key])] if _shared(key) else []
    for old in dotenv.variables:
        if old.name in chosen:
            unused += [_replaced(old, chosen[old.name])] if old.text not in chosen[old.name].text else []
        elif other := _elsewhere(old.name, main, services, taken):
            found.append(finding("import-other", old.name, service=other))
        else:
            chosen[old.name] = old
    named = {name for each in services for name in each.variables}
    into = {
        key: tuple(sorted(name for name in names if name in chosen))
        for key, names in used.items()
        if key in chosen and key not in named
    }
    return Read(tuple(chosen.values()), tuple(dict.fromkeys(found)), into, (*unused, *dotenv.unused))


def _replaced(old: Old, by: Old) -> Unused:
    return Unused(old.name, old.value, old.place, f"{by.place} says something else, and counts")


def _elsewhere(name: str, main: Resolved, services: Sequence[Resolved], taken: Takers) -> str:
    """Return the other service that a variable of .env is for; '' where it is Mathesar's, or nobody's."""
    takers = taken.get(name, frozenset()) | {(each.name, name) for each in services if name in each.variables}
    if _shared(name) or any(service == main.name for service, _into in takers):
        return ""
    if not _known(name) and any(_shared(into) for _service, into in takers):
        return ""  # it is the database's password, say, under a name of one's own
    return min((service for service, _into in takers), default="")


def _likeness(service: Resolved) -> tuple[bool, int, int]:
    """Order services by how much each looks like Mathesar's own."""
    image = "mathesar" in service.image and "caddy" not in service.image
    return image, sum(name in service.variables for name in _OWN), sum(map(_known, service.variables))


def _known(name: str) -> bool:
    return name in OLD_NAMES or (find(name) is not None and name == name.upper())


def _shared(name: str) -> bool:
    """Tell whether the old database's and proxy's containers have it from the same place as Mathesar's."""
    return name in OLD_NAMES and OLD_NAMES[name].kind in _SHARED
