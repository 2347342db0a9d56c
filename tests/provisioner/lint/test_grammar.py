"""pydantic's errors in our words, each at its place."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Discriminator, Field, Tag, field_validator

from provisioner.lint.grammar import Grammar, Open, check


class Inner(Grammar):
    name: str
    size: Annotated[int, Field(ge=1)] = 1


class Left(Grammar):
    kind: Literal["left"]
    value: str


class Right(Grammar):
    kind: Literal["right"]
    inner: Inner


class Root(Grammar):
    title: str
    mode: Literal["a", "b"] = "a"
    items: list[Inner] | None = None
    sides: list[Annotated[Left | Right, Field(discriminator="kind")]] | None = None
    tagged: (
        list[
            Annotated[
                Annotated[Left, Tag("=value")] | Annotated[Right, Tag("=inner")],
                Discriminator(lambda data: "=inner" if isinstance(data, dict) and "inner" in data else "=value"),
            ]
        ]
        | None
    ) = None
    loose: Open | None = None
    slug: Annotated[str, Field(pattern="^[a-z]+$")] = "a"

    @field_validator("title")
    @classmethod
    def _no_shouting(cls, title: str) -> str:
        if title.isupper():
            raise ValueError("nobody likes to be shouted at")
        return title


def said(data: Any) -> list[tuple[str, str]]:
    return [(item.finding.kind, item.finding.variable) for item in check(Root, data, platform="render")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"title": "x"}, []),
        ({"title": "x", "loose": {"anything": 1}}, []),
        ({}, [("field-absent", "title")]),
        ({"title": 1}, [("field-type", "title")]),
        ({"title": "X"}, [("field-form", "title")]),
        ({"title": "x", "mode": "c"}, [("field-value", "mode")]),
        ({"title": "x", "tilte": 1}, [("field-unknown", "tilte")]),
        ({"title": "x", "items": {}}, [("field-type", "items")]),
        ({"title": "x", "items": [{}, {"name": "n", "size": 0}]}, [
            ("field-absent", "items[0].name"), ("field-form", "items[1].size")]),
        ({"title": "x", "items": ["x"]}, [("field-type", "items[0]")]),
        ({"title": "x", "sides": [{"kind": "left"}]}, [("field-absent", "sides[0].value")]),
        ({"title": "x", "sides": [{"kind": "up"}]}, [("field-value", "sides[0].kind")]),
        ({"title": "x", "sides": [{}]}, [("field-absent", "sides[0].kind")]),
        ({"title": "x", "sides": [{"kind": "right", "inner": {"name": 1}}]}, [("field-type", "sides[0].inner.name")]),
        ({"title": "x", "tagged": [{"kind": "left", "value": 1}]}, [("field-type", "tagged[0].value")]),
        ({"title": "x", "tagged": [{"value": "v"}]}, [("field-absent", "tagged[0].kind")]),
        ({"title": "x", "slug": "A"}, [("field-form", "slug")]),
        ([], [("field-type", "(top)")]),
    ],
)  # fmt: skip
def test_errors_are_placed(data, expected):
    assert said(data) == expected


def test_the_nearest_name_is_offered():
    (item,) = check(Root, {"title": "x", "tilte": 1}, platform="render")
    assert item.finding.message == "There is no such field here. Did you mean title?"


def test_no_value_is_quoted():
    found = check(Root, {"title": "Zq3v".upper(), "mode": "Zq3v", "slug": "Zq3v!"}, platform="render")
    assert len(found) == 3
    assert "Zq3v" not in str(found)


def test_a_long_list_of_values_is_cut():
    class Many(Grammar):
        value: Literal[tuple(f"option-number-{n}" for n in range(40))]  # type: ignore[valid-type]

    (item,) = check(Many, {"value": "x"}, platform="render")
    assert len(item.finding.message) < 250
    assert "more" in item.finding.message


def test_a_place_inside_a_larger_document():
    (item,) = check(Inner, {}, platform="render", at=("spec", 0))
    assert item.finding.variable == "spec[0].name"
