"""Manifests are read with the place of every value, and never with an exception of the reader's own."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.lint.document import LARGEST, Document, Unreadable, read, written

YAML = """\
# a comment
services:
  - type: web        # first
    name: app
    on: yes
    envVars:
      - {key: A, value: true}
      - key: B
        value: 007
  - &base
    type: worker
  - <<: *base
    name: other
"""
TOML = """\
# a comment
title = "x"
[build]
builder = "DOCKERFILE"
note = \"\"\"
builder = "not this one"
\"\"\"
[[services]]
  port = 1
  [[services.ports]]
  port = 2
[[services]]
port = 3
"quoted key" = 4
a.b = 5
"""
TEXT = st.text(max_size=200)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)
)


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (("services",), (2, 1)),
        (("services", 0), (3, 5)),
        (("services", 0, "name"), (4, 5)),
        (("services", 0, "envVars", 0, "value"), (7, 18)),
        (("services", 0, "envVars", 1, "value"), (9, 9)),
        (("services", 0, "nothing", "here"), (3, 5)),
        ((), (2, 1)),
        (("nothing",), (2, 1)),
    ],
)
def test_places_in_yaml(at, place):
    assert read("a.yaml", YAML).place(at) == place


def test_yaml_is_what_the_platforms_readers_make_of_it():
    data = read("a.yaml", YAML).data
    assert data["services"][0]["on"] == "yes"
    assert data["services"][0]["envVars"] == [{"key": "A", "value": True}, {"key": "B", "value": 7}]
    assert data["services"][2] == {"type": "worker", "name": "other"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5), ("-3", -3), ("1e3", 1000.0), ("'1'", "1"), ("~", None), ("", None), ("NULL", None),
        ("2026-11-20", "2026-11-20"), ("0o17", "0o17"), ("12:30", "12:30"), ("!Ref name", "name"), ("no", "no"),
        ("TRUE", True), ("null x", "null x"), ("9" * 40, 1e40),
    ],
)  # fmt: skip
def test_scalars(text, value):
    assert read("a.yaml", f"key: {text}\n").data == {"key": value}


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (("title",), (2, 1)),
        (("build",), (3, 1)),
        (("build", "builder"), (4, 1)),
        (("services",), (8, 1)),
        (("services", 0, "port"), (9, 3)),
        (("services", 0, "ports", 0, "port"), (11, 3)),
        (("services", 1), (12, 1)),
        (("services", 1, "port"), (13, 1)),
        (("services", 1, "quoted key"), (14, 1)),
        (("services", 1, "a", "b"), (15, 1)),
    ],
)
def test_places_in_toml(at, place):
    assert read("fly.toml", TOML).place(at) == place


def test_places_in_json_with_tabs():
    text = '{\n\t"name": "x",\n\t"env": {\n\t\t"A": {"value": "\\u00e9\\/"}\n\t}\n}'
    document = read("app.json", text)
    assert document.data == {"name": "x", "env": {"A": {"value": "é/"}}}
    assert document.place(("env", "A", "value")) == (4, 9)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yaml", "a:\n  - b\n c: d\n", 3),
        ("a.yaml", "a: b\nc: *unknown\n", 2),
        ("a.yaml", "a: 'b\n", 2),
        ("a.yaml", "a: \x00", 1),
        ("a.json", '{\n "a": 1,\n b}', 3),
        ("a.json", "", 1),
        ("a.json", "// comment\n{}", 1),
        ("a.toml", "a = 1\nb = {{ value }}\n", 2),
        ("a.toml", "a = 1\na = 2\n", 2),
        ("a.yaml", "[" * 2000, 1),
        ("a.json", "[" * 200_000, 1),
        ("a.yaml", "x" * (LARGEST + 1), 1),
        ("a.json", '{"a": ' + "9" * 5000 + "}", 1),
        ("a.toml", "a = " + "9" * 5000, 1),
    ],
)
def test_what_cannot_be_read_is_placed(name, text, line):
    with pytest.raises(Unreadable) as problem:
        read(name, text)
    assert problem.value.line == line
    assert problem.value.reason


def test_a_few_lines_of_aliases_do_not_take_for_ever():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(Unreadable):
        read("a.yaml", "\n".join(lines))


@pytest.mark.parametrize("value", ["*Zq3vT8mXw2Lk", "!Zq3vT8mXw2Lk!x", "&Zq3vT8mXw2Lk @"])
def test_a_secret_is_not_quoted(value):
    with pytest.raises(Unreadable) as problem:
        read("a.yaml", f"a: {value}\n")
    assert "Zq3v" not in problem.value.reason


def test_keys_written_twice():
    assert read("a.yaml", "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n").duplicates == (("b", "c"), ("a",))
    assert read("a.json", '{"a": 1, "a": 2}').duplicates == (("a",),)


def test_paths_as_people_write_them():
    assert written(("services", 0, "envVars", 2, "key")) == "services[0].envVars[2].key"
    assert written(()) == "(top)"


@given(VALUES)
def test_json_and_yaml_agree(value):
    text = json.dumps(value)
    as_json: Document = read("a.json", text)
    assert as_json.data == value


@given(TEXT)
def test_nothing_breaks_the_readers(text):
    for name in ("a.yaml", "a.json", "a.toml"):
        with suppress(Unreadable):
            assert read(name, text).place(("x", 0)) >= (1, 1)
