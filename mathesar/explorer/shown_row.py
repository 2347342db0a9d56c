"""A row as its form shows it: one field for each column, with what to type into, boxes, and what is to be said."""

from __future__ import annotations

from dataclasses import dataclass

from mathesar.explorer.attempt import Attempt
from mathesar.explorer.cells import Family
from mathesar.explorer.fields import Field
from mathesar.explorer.grid import size_words
from mathesar.explorer.values import LONGEST, Value
from mathesar.explorer.wishes import NOTHING, Wish, is_choice, start_of, wish_of
from provisioner.findings import Finding

SHOWN = 400  # characters of a value that is only to be looked at
MOST_LINES = 14
TOO_LONG = (
    f"Too long to be edited here: more than {LONGEST // 1000} kB as text, or as stored. Saving leaves it as it is."
)


@dataclass(frozen=True)
class ShownField:
    """One column; `why` says why it cannot be changed, `now` is what somebody else wrote meanwhile."""

    field: Field
    wish: Wish
    value: Value | None
    why: str
    is_key: bool
    is_new: bool
    fault: Finding | None = None
    now: str | None = None
    was_changed: bool = False

    @property
    def tag(self) -> str:
        """What it is filled in with: nothing, a list, a box of lines or a line."""
        if self.why:
            return "fixed"
        if is_choice(self.field):
            return "select"
        many = self.field.family is Family.TEXT or "\n" in self.wish.text or len(self.wish.text) > 60
        return "textarea" if many or self.field.base in (114, 3802) else "input"

    @property
    def rows(self) -> int:
        """How many lines its box has."""
        lines = sum(1 + len(line) // 80 for line in self.wish.text[: 80 * MOST_LINES].split("\n"))
        return max(1, min(MOST_LINES, lines))

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The list's entries: what is sent, what is read, whether it is chosen."""
        labels = ("true", "false") if self.field.is_boolean else self.field.labels
        wish = self.wish
        found = []
        if self.is_new and (self.field.default or not self.field.nullable):
            words = f"Default: {self.field.default}" if self.field.default else "Choose…"
            found.append(("default", words, wish.kind == "default"))
        if self.field.nullable or wish.kind == "null":
            found.append(("null", "No value (NULL)", wish.kind == "null"))
        found += [("=" + each, each or "empty", wish == Wish("value", each)) for each in labels]
        return found

    @property
    def has_null_box(self) -> bool:
        """Tell whether NULL can be chosen beside a text."""
        return self.field.nullable or self.wish.kind == "null"

    @property
    def has_default_box(self) -> bool:
        """Tell whether the default can be chosen beside a text."""
        return self.is_new and bool(self.field.default)

    @property
    def has_empty_box(self) -> bool:
        """Tell whether an empty text has to be asked for: without that, an empty field was not filled in."""
        return self.is_new and self.field.is_required and self.field.has_empty

    @property
    def described(self) -> str:
        """The ids of what is said about it."""
        number = self.field.number
        parts = [f"f{number}-type"]
        parts += [f"f{number}-{name}" for name, there in self._said if there]
        return " ".join(parts)

    @property
    def _said(self) -> list[tuple[str, bool]]:
        return [("fault", self.fault is not None), ("now", self.was_changed), ("hint", bool(self.field.comment))]

    @property
    def text(self) -> str:
        """The value where it is only to be looked at; "" where there is nothing to show."""
        return shown_value(self.value) if self.value else ""


def shown_value(value: Value) -> str:
    """Return a value in words."""
    if value.size is not None:
        return f"{size_words(value.size)} stored"
    if value.text is None:
        return "NULL"
    if not value.text:
        return "an empty text"
    return value.text if len(value.text) <= SHOWN else value.text[:SHOWN] + "…"


def shown_fields(found: Attempt, seen: dict[int, str] | None = None) -> list[ShownField]:
    """Return a row's fields; `seen` is how a form that was sent had shown it."""
    keys = {part.name for part in found.key}
    return [_shown(found, each, each.name in keys, seen) for each in found.fields]


def new_fields(found: Attempt) -> list[ShownField]:
    """Return the fields of a new row."""
    keys = {part.name for part in found.key}
    return [
        ShownField(
            each, found.wishes.get(each.number) or start_of(each), None, each.why_not_insert, each.name in keys,
            is_new=True, fault=found.faults.get(each.number),
        )
        for each in found.fields
    ]  # fmt: skip


def _shown(found: Attempt, field: Field, is_key: bool, seen: dict[int, str] | None) -> ShownField:
    number = field.number
    value = found.values.get(number) if found.values else None
    wish = found.wishes.get(number)
    why = field.why_not_update
    if not why and value is not None and value.size is not None:
        why = TOO_LONG
    if not why and value is None and seen and seen.get(number, "").startswith("#"):
        why = TOO_LONG  # nothing was read this time, and the form had no box for it
    changed = number in found.changed
    now = None
    if changed and value is not None and not why:
        if wish is None or seen is None or wish.token == seen.get(number):
            wish = None  # nobody touched it here: what is there now is what to begin with
        elif wish.token != value.token:
            now = shown_value(value)
    if wish is None:
        wish = wish_of(value) if value is not None and value.size is None else NOTHING
    return ShownField(
        field, wish, value, why, is_key, is_new=False, fault=found.faults.get(number), now=now, was_changed=changed
    )
