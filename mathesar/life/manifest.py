"""What a backup says of itself: `manifest.json`, the last but one of its members."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = "mathesar-backup"
FORMAT_VERSION = 1

Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Sealed = Annotated[str, Field(pattern=r"^[!-~]+$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(_Value):
    """One table: the model's label, its columns in the order of each row, the rows, SHA-256 of the member's text."""

    model: Annotated[str, Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$", max_length=200)]
    columns: tuple[Name, ...]
    rows: Annotated[int, Field(ge=0)]
    sha256: Hex64

    @property
    def member(self) -> str:
        """The name of its member in the archive."""
        return f"tables/{self.model}.jsonl"


class Boot(_Value):
    """What start-up keeps (see `mathesar.boot.store`), sealed as it is in the database."""

    wrapped_key: Sealed | None = None
    canary: Sealed | None = None


class WrappedKey(_Value):
    """The root keys under a passphrase: scrypt's salt (hex) and costs, and the sealed text."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    n: Literal[32768]
    r: Literal[8]
    p: Literal[1]
    sealed: Sealed


class Manifest(_Value):
    """All of it. `migrations` are (app, name); `key_id` names the key that sealed, and is no secret."""

    format: Literal["mathesar-backup"] = "mathesar-backup"
    format_version: Literal[1] = 1
    mathesar: Annotated[str, Field(pattern=r"^[0-9A-Za-z.+!_-]{1,40}$")]
    made_at: Annotated[str, Field(pattern=r"^[0-9T:+.Z-]{1,40}$")]  # it is shown
    engine: Literal["postgresql", "sqlite"]
    key_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    key: WrappedKey | None = None
    boot: Boot
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    left_out: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """The rows of all tables together."""
        return sum(table.rows for table in self.tables)
