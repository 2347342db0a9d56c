"""What can keep the Mathesar schema from being changed; then nothing was changed.

SchemaError                 code "other": the database refused for a reason that has no name here
├── NoCreate                no-create: the role may not create schemas; `grant` is the statement that permits it
├── NotOwner                not-owner: another role installed it; `owner` is its name
├── Foreign                 foreign: a schema or an object of that name is there which we did not make
├── InUse                   in-use: columns, views, … use it; `dependents` lists them
├── Remains                 remains: other people's objects are inside; `names` lists them
├── Busy                    busy: another process is changing it, or a table that uses it, and does not finish
└── Lost                    lost: the connection was lost; whether the change was made is seen by reading the state
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mathesar.dbschema.dependents import Dependent


class SchemaError(Exception):
    """The Mathesar schema was not changed; `code` says why. No word of the server is in it."""

    code = "other"

    def __init__(self) -> None:
        super().__init__(self.code)


class NoCreate(SchemaError):
    """The role may not create schemas in this database."""

    code = "no-create"

    def __init__(self, grant: str) -> None:
        super().__init__()
        self.grant = grant


class NotOwner(SchemaError):
    """Another role installed the schema, and this one is no member of it."""

    code = "not-owner"

    def __init__(self, owner: str) -> None:
        super().__init__()
        self.owner = owner


class Foreign(SchemaError):
    """A schema mathesar_types or msar is there, or an object in ours, that Mathesar did not make."""

    code = "foreign"


class InUse(SchemaError):
    """Something in the database uses the schema's types or functions."""

    code = "in-use"

    def __init__(self, dependents: list[Dependent]) -> None:
        super().__init__()
        self.dependents = dependents


class Remains(SchemaError):
    """Other people put objects into the schema; `names` says which, as PostgreSQL describes them."""

    code = "remains"

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names


class Busy(SchemaError):
    """Somebody else is at it, and did not finish in time."""

    code = "busy"


class Lost(SchemaError):
    """The connection was lost on the way."""

    code = "lost"
