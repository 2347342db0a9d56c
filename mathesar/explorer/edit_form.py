"""What a form that was sent says of a row, against the row and its columns as they are now."""

from __future__ import annotations

from collections.abc import Mapping

from mathesar.explorer.attempt import Attempt
from mathesar.explorer.fields import Field
from mathesar.explorer.values import Value
from mathesar.explorer.wishes import Wish, read_edit


def is_alike(field: Field, seen: Mapping[int, str]) -> bool:
    """Tell whether the form had the same kind of field for a column: a list and a text box send other things."""
    return seen.get(-field.number, "")[:1] == field.shape[:1]


def is_other(found: Attempt, seen: Mapping[int, str], post: Mapping[str, str]) -> bool:
    """Tell whether a column that the form says something of is gone, or not the one that the form was made for."""
    shapes = {-each.number: each.shape for each in found.fields}
    return any(f"v{-number}" in post and shapes.get(number) != shape for number, shape in seen.items() if number < 0)


def read_wishes(found: Attempt, seen: Mapping[int, str], post: Mapping[str, str]) -> dict[int, Wish]:
    """Return the wishes for columns of a row that was shown as `seen`, by their numbers; none for those left out."""
    wishes = {}
    for each in found.fields:
        token = seen.get(each.number, "#")
        if not each.why_not_update and not token.startswith("#") and is_alike(each, seen):
            wish = read_edit(post, each, token)
            if wish is not None and wish.kind != "default":
                wishes[each.number] = wish
    return wishes


def changed_in(values: Mapping[int, Value], seen: Mapping[int, str]) -> frozenset[int]:
    """Return the numbers of columns that were shown with another value."""
    return frozenset(number for number, value in values.items() if number in seen and value.token != seen[number])
