"""The forms of requests and answers; they are the API's documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

Mode = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]
Wanted = Literal["install", "types_only", "none"]


class Strict(Schema):
    """A request with fields of its own only."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Where(Strict):
    """How to reach a database: a URL, or the fields."""

    url: str | None = Field(None, description="A PostgreSQL URL; it stands for all the fields below.", max_length=32768)
    host: str | None = Field(None, max_length=255)
    port: int | None = Field(None, ge=1, le=65535)
    dbname: str | None = Field(None, description="The database's name.", max_length=255)
    username: str | None = Field(None, description="The role to sign in as.", max_length=255)
    password: str | None = Field(None, max_length=4096)
    sslmode: Mode | None = Field(None, description="How the connection is encrypted.")
    ca: str | None = Field(None, description="A certificate authority in PEM form, for verify-ca and verify-full.")
    mathesar_schema: Wanted | None = Field(None, description="The Mathesar schema; install if left out.")
    pooler: bool = Field(False, description="Connect through a pooler in transaction mode after all.")


class NewDatabase(Where):
    """A database to connect."""

    name: str = Field(..., description="A unique name.", max_length=512)


class ChangedDatabase(Where):
    """What to change; what is left out stays."""

    name: str | None = Field(None, max_length=512)
    version: int | None = Field(None, description="The version that the change began from.", ge=1, le=2**31 - 1)


class MathesarSchema(Schema):
    """The Mathesar schema in a database."""

    state: str
    version: str
    wanted: bool
    types_only: bool
    code: str = Field(description="Why the last install or upgrade failed; empty if it did not.")


class Place(Schema):
    """Where a connection leads; never with its password."""

    host: str
    port: str
    dbname: str
    username: str
    sslmode: str


class Database(Schema):
    """A database that people work with."""

    id: UUID
    name: str
    source: Literal["environment", "person"]
    variable: str | None = Field(description="The environment variable that defines it.")
    place: Place | None = Field(description="For superusers; null where it is not known or cannot be read.")
    status: str
    code: str = Field(description="The code of what keeps it from use; empty for nothing.")
    server_version: str
    mathesar_schema: MathesarSchema
    last_checked: datetime | None
    detached_at: datetime | None
    version: int


class Databases(Schema):
    """All databases."""

    databases: list[Database]


class Seen(Schema):
    """What a try found."""

    status: Literal["connected", "unreachable"]
    code: str
    server_version: str
    mathesar_schema: str


class Dependent(Schema):
    """Something that uses the Mathesar schema, and would be lost with it."""

    schema_name: str
    relation: str
    column: str
    type: str
    kind: str


class Dependents(Schema):
    """What uses the Mathesar schema."""

    dependents: list[Dependent]


class Error(Schema):
    """One thing that is wrong."""

    code: str
    variable: str
    detail: str
    fix: str


class Problem(Schema):
    """A problem (RFC 9457), with the codes that the pages show."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fix: str
    variable: str
    errors: list[Error]
