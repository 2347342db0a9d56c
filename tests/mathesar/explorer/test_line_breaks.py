"""Line breaks of texts that went through a form: those of untouched lines stay, whatever was done to the others."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathesar.explorer.line_breaks import with_breaks_of
from mathesar.explorer.values import with_lf

MIXED = "a\r\n\nb\r\rc\n\r\nd"


@pytest.mark.parametrize(
    ("old", "text", "expected"),
    [
        ("one\r\ntwo\nthree", "one\ntwo\nthree!", "one\r\ntwo\nthree!"),
        ("one\r\ntwo\nthree", "one!\ntwo!\nthree!", "one!\r\ntwo!\nthree!"),
        ("a\rb\rc", "a\nb\nc!", "a\rb\rc!"),
        ("a\nb\nc", "a\nx\nb\nc", "a\nx\nb\nc"),
        ("a\r\nb\r\nc\nd", "a\nx\nb\nc\nd", "a\r\nx\r\nb\r\nc\nd"),
        ("a\r\nb\nc\nd\re", "b\nc\ne", "b\nc\ne"),
        ("a\r\nb\nc\nd\re", "e\na\nb\nc\nd", "e\na\r\nb\nc\nd"),
        ("a\rb", "", ""),
        ("\r", "\n\n", "\r\r"),
        (MIXED, MIXED.replace("\r\n", "\n").replace("\r", "\n") + "\n", MIXED + "\r\n"),
        ("a\rb\nc", "a\n\nc", "a\r\rc"),
    ],
)
def test_each_line_keeps_its_own(old: str, text: str, expected: str) -> None:
    assert with_breaks_of(old, text) == expected


@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["\r\n", "\r", "\n"]))), st.text("ab\n")
)
def test_nothing_but_breaks_is_made_and_the_same_text_stays(lines: list[tuple[str, str]], text: str) -> None:
    old = "".join(line + end for line, end in lines)
    assert with_lf(with_breaks_of(old, text)) == text
    assert with_breaks_of(old, with_lf(old)) == old


def test_many_changes_in_a_long_text() -> None:
    chance = random.Random(5)
    lines = [(f"line {n}" if n % 2 else "", chance.choice(["\r\n", "\r", "\n"])) for n in range(20_000)]
    lines = [(line, "\r\n" if line == "" and end == "\n" else end) for line, end in lines]
    old = "".join(line + end for line, end in lines)
    kept = [(line, end) for n, (line, end) in enumerate(lines) if n % 501]
    made = with_breaks_of(old, "new\n" + "".join(f"{line}\n" for line, _ in kept))
    assert made.partition("new")[2].lstrip("\r\n") == "".join(line + end for line, end in kept).lstrip("\r\n")


def test_the_worst_text_costs_little() -> None:
    old, text = "a\r\n\r\n" * 20_000, "b\n\n" * 19_999
    assert with_breaks_of(old, text) == text.replace("\n", "\r\n")
