"""The spec, its secrets and the text that is made of it."""

from __future__ import annotations

import json
import re

import jinja2
import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from provisioner.buttons import Button
from provisioner.layout import Noted, json_text, render, yaml
from provisioner.recipes import ALPHABETS, Recipe, recipe, unfit
from provisioner.secret_key import weakness
from provisioner.spec import Build, Generated, Image, Variable
from provisioner.spec_mathesar import mathesar
from provisioner.variables import find

DIGEST = "@sha256:" + "a1" * 32


@pytest.mark.parametrize("name", ["abc", "a-b", "my-data-2", "a" * 28])
def test_names_that_every_platform_takes(name):
    spec = mathesar(name=name)
    assert spec.database == f"{name}-db"
    assert "-" not in spec.dbname


@pytest.mark.parametrize("name", ["", "ab", "A-b", "1ab", "a--b", "ab-", "a_b", "a" * 29, "a b", "ä-b", "abc\n"])
def test_names_that_some_platform_refuses(name):
    with pytest.raises(ValidationError, match="3 to 28"):
        mathesar(name=name)


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        (f"ghcr.io/o/app{DIGEST}", ("ghcr.io", "o/app", None)),
        (f"ghcr.io/o/app:1.2{DIGEST}", ("ghcr.io", "o/app", "1.2")),
        (f"o/app{DIGEST}", (None, "o/app", None)),
        (f"localhost:5000/app{DIGEST}", ("localhost:5000", "app", None)),
        (f"registry.example.com:443/a/b/c{DIGEST}", ("registry.example.com:443", "a/b/c", None)),
    ],
)
def test_images(reference, parts):
    source = mathesar(image=reference).source
    assert isinstance(source, Image)
    assert source.parts.group("registry", "repository", "tag") == parts


@pytest.mark.parametrize("reference", ["app", "app:1", "app:latest", f"App{DIGEST}", f"app{DIGEST}0", f"a b{DIGEST}"])
def test_images_that_are_not_pinned(reference):
    with pytest.raises(ValidationError, match="sha256"):
        mathesar(image=reference)


def test_built_unless_an_image_is_named():
    assert mathesar().source == Build()


def test_every_variable_is_one_that_the_app_reads():
    for variable in mathesar().variables:
        assert find(variable.name) is not None
    with pytest.raises(KeyError):
        mathesar().variable("NOPE")
    with pytest.raises(ValidationError):
        Variable(name="lower", origin=Generated(), why="It is needed.")


@pytest.mark.parametrize(
    ("made", "bits", "safe"),
    [
        (Recipe("x", "base64", 44, 1), 256, False),
        (Recipe("x", "hex", 64), 256, True),
        (Recipe("x", "alphanumeric", 50), 297, True),
        (Recipe("x", "base64url", 43), 258, True),
    ],
)
def test_recipes(made, bits, safe):
    assert (made.bits, made.url_safe) == (bits, safe)


@given(st.data(), st.sampled_from([("hex", 64), ("alphanumeric", 50), ("base64url", 43)]))
def test_what_a_fit_recipe_emits_is_a_key_that_the_app_takes(draw, shape):
    """The need of SECRET_KEY in the spec and the judgement at start are one."""
    alphabet, length = shape
    assert unfit(mathesar().variable("SECRET_KEY").origin, Recipe("x", alphabet, length)) is None
    random = draw.draw(st.randoms(use_true_random=True))
    assert weakness("".join(random.choices(ALPHABETS[alphabet], k=length))) is None


def test_recipes_that_do_not_serve():
    assert "bits" in str(unfit(Generated(bits=256), Recipe("x", "hex", 32)))
    assert "characters" in str(unfit(Generated(bits=64, shortest=40), Recipe("x", "base64", 20)))
    assert recipe({"expression": "x", "alphabet": "hex", "length": 64}).bits == 256
    with pytest.raises(KeyError):
        recipe({"expression": "x", "alphabet": "runes", "length": 64})
    with pytest.raises(TypeError):
        recipe({"wrong": 1})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=20)
DATA = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@given(st.dictionaries(TEXTS.filter(bool), DATA, min_size=1))
def test_yaml_reads_back_as_it_was(data):
    # PyYAML takes 1e+16 for text, as YAML 1.1 does; JSON's way of writing it is what readers of 1.2 take.
    assert pyyaml.safe_load(yaml(data)) == pyyaml.safe_load(json.dumps(data))


def test_yaml_with_comments():
    data = {"a": Noted([{"b": "on", "c": Noted(1, "Why.")}, "x y"], "Two\nlines."), "t": "one\ntwo\n", "e": {}}
    assert yaml(data, header="Head.") == (
        '# Head.\n# Two\n# lines.\na:\n  - b: "on"\n    # Why.\n    c: 1\n  - x y\nt: |\n  one\n  two\ne: {}\n'
    )


def test_json_keeps_the_order():
    assert json_text({"b": 1, "a": ["é"]}) == '{\n  "b": 1,\n  "a": [\n    "é"\n  ]\n}\n'


def test_a_template_without_a_value_fails(tmp_path):
    (tmp_path / "x.j2").write_text("{{ missing }}")
    with pytest.raises(jinja2.UndefinedError):
        render(tmp_path / "x.j2")
    (tmp_path / "y.j2").write_text("{{ value|json }}\n")
    assert render(tmp_path / "y.j2", value='a"b') == '"a\\"b"\n'


def test_a_button_is_escaped():
    button = Button('Deploy "it"', "https://example.com/?a=1&b=2", "https://example.com/b.svg")
    assert re.fullmatch(r'<a href="[^"]+"><img src="[^"]+" alt="[^"]+" height="32"></a>', button.html())
    assert "&amp;b=2" in button.html()
    assert button.markdown().startswith("[![Deploy")
