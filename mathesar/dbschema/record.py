"""What an install made, as the database itself remembers it: the body of `mathesar_types.installed()`.

A function's body is read by every role, goes along with dumps, and does not change by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

# keys become part of statements: whoever writes a record by hand must not choose what these do
_KEY = re.compile(r"(cast|function|domain|type) [a-zA-Z0-9_ .,()]+")
_BODY = re.compile(r"\ASELECT '(\{.*\})'::jsonb\Z", re.DOTALL)


@dataclass(frozen=True)
class Record:
    """One install; `objects` are keys as in `Found.objects`, `checksum` is over their definitions."""

    version: str
    types_only: bool
    source: str
    checksum: str
    objects: frozenset[str]

    def body(self) -> str:
        """Return the function's body."""
        content = {
            "mathesar_schema": 1,
            "version": self.version,
            "types_only": self.types_only,
            "source": self.source,
            "checksum": self.checksum,
            "objects": sorted(self.objects),
        }
        return "SELECT '" + json.dumps(content).replace("'", "''") + "'::jsonb"


def parse(body: str | None) -> Record | None:
    """Read a function's body; None where it is none of ours."""
    found = _BODY.match(body or "")
    if found is None:
        return None
    try:
        content = json.loads(found[1].replace("''", "'"))
        if content["mathesar_schema"] != 1:
            return None
        objects = frozenset(map(str, content["objects"]))
        if not all(map(_KEY.fullmatch, objects)):
            return None
        return Record(
            version=str(content["version"]),
            types_only=bool(content["types_only"]),
            source=str(content["source"]),
            checksum=str(content["checksum"]),
            objects=objects,
        )
    except (ValueError, KeyError, TypeError):
        return None


def checksum(definitions: Mapping[str, str]) -> str:
    """Return the hash of objects' definitions, by their keys."""
    return hashlib.sha256(json.dumps(sorted(definitions.items())).encode()).hexdigest()
