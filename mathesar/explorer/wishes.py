"""What a person wants of each column, read from a form: a value, NULL, or what the column has by default.

A text box and the boxes beside it can contradict each other. A box that was changed counts; one that was left as it
was gives way to a text that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mathesar.explorer.fields import Field
from mathesar.explorer.line_breaks import with_breaks_of
from mathesar.explorer.values import Value, is_null, token_of, with_lf


class Wish(NamedTuple):
    """`kind` is value, null or default; `text` is what was typed, whether it counts or not."""

    kind: str
    text: str = ""

    @property
    def token(self) -> str:
        """The token of the value that it asks for; no value's for a default."""
        return "" if self.kind == "default" else token_of(None if self.kind == "null" else self.text)


NOTHING = Wish("default")


def wish_of(value: Value) -> Wish:
    """Return the wish to have what is there."""
    return Wish("null") if value.text is None else Wish("value", with_lf(value.text))


def read_edit(post: Mapping[str, str], field: Field, seen: str) -> Wish | None:
    """Return the wish for a column of a row that was shown as `seen`; None where the form says nothing of it."""
    number = field.number
    if f"v{number}" not in post:
        return None
    text = with_lf(post[f"v{number}"])
    if is_choice(field):
        return _chosen(text)
    if f"n{number}" in post and not (is_null(seen) and text):
        return Wish("null", text)
    return Wish("value", text)


def read_new(post: Mapping[str, str], field: Field) -> Wish:
    """Return the wish for a column of a new row."""
    number = field.number
    text = with_lf(post.get(f"v{number}", ""))
    if is_choice(field):
        return _chosen(text)
    boxes = (f"n{number}" in post, f"d{number}" in post)
    start = start_of(field).kind
    if text and boxes == (start == "null", start == "default" and bool(field.default)):
        return Wish("value", text)
    if boxes[0]:
        return Wish("null", text)
    if boxes[1] or f"v{number}" not in post:
        return Wish("default", text)
    if field.is_required and not text and f"e{number}" not in post:
        return NOTHING  # an empty text is one that somebody asked for
    return Wish("value", text)


def start_of(field: Field) -> Wish:
    """Return what a new row's column begins with."""
    return NOTHING if field.default or not field.nullable else Wish("null")


def is_choice(field: Field) -> bool:
    """Tell whether its values are chosen from a list."""
    return field.is_choice


def _chosen(text: str) -> Wish:
    if text.startswith("="):
        return Wish("value", text[1:])
    return Wish("null") if text == "null" else NOTHING


def stored(wish: Wish, before: Value | None = None) -> str | None:
    """Return the value to be written, with the line breaks that the value before had."""
    if wish.kind == "null":
        return None
    return with_breaks_of(before.text if before and before.text else "", wish.text)
