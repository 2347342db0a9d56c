"""The SQL of this version, and what it makes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

VERSION = "1.0"
FOLDER = Path(__file__).parent / "sql"
TYPES = ("email", "uri", "money", "multicurrency", "json")
FUNCTIONS = ("names", "schemas", "tables", "columns")
RECORD = "function mathesar_types.installed()"  # made last, by itself: it records all others
_DOMAIN = re.compile(r"^CALL mathesar_types\.make_domain\('(\w+)'", re.MULTILINE)
_TYPE = re.compile(r"^ *CREATE TYPE (mathesar_types\.\w+) AS", re.MULTILINE)
_CAST = re.compile(r"^ *CREATE CAST (\(\S+ AS \S+\))", re.MULTILINE)
_FUNCTION = re.compile(r"^CREATE OR REPLACE FUNCTION ([\w.]+)\((.*)\) RETURNS (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Shipped:
    """One version's SQL: `types` and `functions` are the texts, `begin` and `end` go around them."""

    version: str
    begin: str
    types: str
    functions: str
    end: str

    @classmethod
    def load(cls, version: str, folder: Path, types: tuple[str, ...], functions: tuple[str, ...]) -> Shipped:
        """Read the files of a folder."""
        return cls(
            version,
            (folder / "begin.sql").read_text("utf-8"),
            "\n".join((folder / "types" / f"{name}.sql").read_text("utf-8") for name in types),
            "\n".join((folder / "msar" / f"{name}.sql").read_text("utf-8") for name in functions),
            (folder / "end.sql").read_text("utf-8"),
        )

    def text(self, *, types_only: bool) -> str:
        """Return the statements that make or replace everything."""
        return "\n".join([self.begin, self.types, "" if types_only else self.functions, self.end])

    @cached_property
    def source(self) -> str:
        """The hash of the whole SQL: an upgrade is due where it differs, even if nobody changed the version."""
        return hashlib.sha256(self.text(types_only=False).encode()).hexdigest()

    def makes(self, *, types_only: bool) -> dict[str, str]:
        """Return the keys of all objects that the text makes, as in `Found.objects`, with functions' signatures.

        The SQL names types as `pg_type` does (`int4`), so that keys are the same.
        """
        text = self.text(types_only=types_only)
        made = {f"domain mathesar_types.{name}": "" for name in _DOMAIN.findall(text)}
        made |= {f"type {name}": "" for name in _TYPE.findall(text)}
        made |= {f"cast {between}": "" for between in _CAST.findall(text)}
        for name, arguments, result in _FUNCTION.findall(text):
            pairs = [argument.split(" ") for argument in arguments.split(", ") if argument]
            key = f"function {name}({', '.join(kind for _, kind in pairs)})"
            made[key] = f"({', '.join(word for word, _ in pairs)}) {result}"
        return {**made, RECORD: "() jsonb"}


def shipped() -> Shipped:
    """Return this version's SQL."""
    return Shipped.load(VERSION, FOLDER, TYPES, FUNCTIONS)
