"""Names that are almost right, and names that another installation uses."""

from __future__ import annotations

from .environment import Environment
from .findings import Finding, finding
from .platform import Contract
from .variables import CONFIG, DATABASE_KINDS, SUPERSEDED, VARIABLES, known_names

# Below this length too many other names are a letter or two away (PORT, HOST, SORT).
_SHORTEST_OPTIONAL = 8


def needed_names(contract: Contract | None, *, internal_set: bool, any_set: bool, secret: bool) -> frozenset[str]:
    """Return the names whose absence would stop the start, or would start something that was not meant.

    Without a platform that is every database variable, as long as none is set: the embedded database must not
    take the place of a misspelt one.
    """
    names: set[str] = set()
    if contract is not None:
        if not internal_set:
            names.update(("MATHESAR_INTERNAL_DATABASE_URL", *contract.internal_variables))
        if secret and contract.secret_generator:
            names.add("SECRET_KEY")
    elif not any_set:
        names.update(variable.name for variable in VARIABLES if variable.kind in DATABASE_KINDS)
        names.add(CONFIG)  # it may hold the database
    return frozenset(names)


def misspelt(
    env: Environment, contract: Contract | None, needed: frozenset[str]
) -> tuple[list[Finding], frozenset[str]]:
    """Return one finding for each name that was probably meant as one of ours, and the needed names meant.

    It is an error where the name is `needed`, a warning elsewhere.
    """
    platform = contract.name if contract else None
    known = known_names() | needed
    unset = {name for name in known if not env.is_set(name)}
    found: list[Finding] = []
    meant_names: set[str] = set()
    for name, meant in [*sorted(env.near_misses(known, unset).items()), *_superseded(env)]:
        if meant in needed and name not in SUPERSEDED:
            found.append(finding("near-miss", name, platform=platform, meant=meant))
            meant_names.add(meant)
        elif name in SUPERSEDED and meant in unset:
            found.append(finding("superseded", name, platform=platform, meant=meant))
        elif name not in SUPERSEDED and len(meant) >= _SHORTEST_OPTIONAL:
            found.append(finding("similar-name", name, platform=platform, meant=meant))
    return found, frozenset(meant_names)


def _superseded(env: Environment) -> list[tuple[str, str]]:
    return [(name, meant) for name, meant in SUPERSEDED.items() if env.is_set(name)]
