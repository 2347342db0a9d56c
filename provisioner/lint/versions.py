"""Which version of PostgreSQL is asked for, and whether it has come to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provisioner.facts import Facts, load_facts

from .marks import Mark, mark
from .view import Text

_MAJOR = re.compile(r"\s*v?(?P<major>\d{1,3})(?!\d)")
_IMAGE = re.compile(
    r"(?:(?:(?:\S*/)?library/|docker\.io/)?postgres|(?:\S*/)?(?:bitnami(?:legacy)?/postgresql|postgis/postgis))"
    r":(?P<major>\d{1,2})(?!\d)"
    r"|(?:\S*/)?(?:pgvector/pgvector|timescale/timescaledb(?:-ha)?):(?:\S*-)?pg(?P<behind>\d{1,2})(?!\d)"
)


def major(version: object) -> int | None:
    """Return 9 for ``9.6`` and 11 for ``11.5``, as number or text; None for what is no version."""
    found = _MAJOR.match(str(version))
    return int(found["major"]) if found is not None and not isinstance(version, bool) else None


def retired(version: object, facts: Facts) -> bool:
    """Tell whether a platform offers a version no more: one of those in its facts, or an older one."""
    number = major(version)
    gone = [found for each in facts.texts("postgres_versions_retired") if (found := major(each)) is not None]
    return number is not None and number <= max(gone)


def ended(image: Text, platform: str) -> Iterator[Mark]:
    """Say where an image is of a PostgreSQL that gets no fixes any more: it can still be had, for now."""
    facts = load_facts(__file__)
    found = _IMAGE.match(image.value)
    number = int(found["major"] or found["behind"]) if found is not None else None
    if number is not None and number <= facts.integer("postgres_ended"):
        details = {"what": "PostgreSQL", "version": str(number), "instead": facts.text("postgres_version")}
        yield mark("version-ended", image.at, platform, **details)
