"""What a platform would refuse is a ValueError with a reason, whatever stands in the manifest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.rehearsal.wanted import Wanted
from tests.platforms.runtimes import LABEL, NAMES, RUNTIMES, committed, with_data

SERVICE = {"name": "web", "git": {"repo_clone_url": "https://example.org/a.git"}}
BROKEN: list[tuple[str, Any, str]] = [
    ("render", {"services": [{"type": "worker"}]}, "no web service"),
    ("render", {"services": [{"type": "web", "numInstances": "many"}]}, "numInstances"),
    ("render", {"services": [{"type": "web", "envVars": [{"key": "A", "fromDatabase": 1}]}]}, "fromDatabase"),
    ("railway", {}, "no service but databases"),
    ("railway", {"services": {"a": {"name": "a", "source": {}}}}, "neither a repository nor an image"),
    ("digitalocean", {"services": [SERVICE]}, "no spec"),
    ("digitalocean", {"spec": {"name": "app"}}, "no service"),
    ("digitalocean", {"spec": {"name": "App", "services": [SERVICE]}}, "name"),
    ("digitalocean", {"spec": {"name": "app", "services": [{**SERVICE, "http_port": "web"}]}}, "http_port"),
    ("digitalocean", {"spec": {"name": "app", "services": [{**SERVICE, "instance_size_slug": "big"}]}}, "size"),
    ("heroku", [], "not a table"),
    ("heroku", {"addons": ["heroku-postgresql:hobby-dev"]}, "not sold any more"),
    ("heroku", {"formation": {"web": {"size": "hobby"}}}, "not sold any more"),
    ("heroku", {"formation": {"web": {"quantity": 0}}}, "quantity"),
    ("heroku", {"stack": "heroku-18"}, "nothing is built"),
    ("heroku", {"env": {"A": {"generator": "uuid"}}}, "generator of A"),
    ("heroku", {"env": {"A B": "1"}}, "name of a variable"),
]


@pytest.mark.parametrize(("name", "data", "words"), BROKEN)
def test_what_the_platform_would_refuse(name, data, words):
    with pytest.raises(ValueError, match=words):
        RUNTIMES[name].read(with_data(name, data))


def test_a_variable_that_refers_to_itself():
    loop = {"A": {"defaultValue": "${{B}}"}, "B": {"defaultValue": "${{A}}"}}
    service = {"name": "a", "source": {"repo": "o/r"}, "variables": loop}
    with pytest.raises(ValueError, match="refers to itself"):
        RUNTIMES["railway"].read(with_data("railway", {"services": {"a": service}}))


@pytest.mark.parametrize(
    ("name", "text"),
    [("railway", "redis://${{RAILWAY_PUBLIC_DOMAIN}}:6379"), ("digitalocean", "a${mathesar-db.USERNAME}b")],
)
def test_a_reference_inside_other_text_is_not_passed_over(name, text):
    data = committed(name)[RUNTIMES[name].MANIFESTS[0]].data
    if name == "railway":
        service = {"source": {"repo": "o/r"}, "variables": {"X": {"defaultValue": text}}}
        service["networking"] = {"serviceDomains": {"<hasDomain>": {}}}
        data = {"services": {"a": service}}
    else:
        service = {**data["spec"]["services"][0], "envs": [{"key": "X", "value": text}]}
        data = {"spec": {**data["spec"], "services": [service]}}
    with pytest.raises(ValueError, match="X has a reference inside other text"):
        RUNTIMES[name].read(with_data(name, data))


def test_heroku_without_a_web_process():
    with pytest.raises(ValueError, match="web process"):
        RUNTIMES["heroku"].read(with_data("heroku", {"run": {"worker": "a"}}, "heroku.yml"))


@pytest.mark.parametrize("name", NAMES)
def test_no_manifest_at_all(name):
    with pytest.raises(ValueError, match="there is no"):
        RUNTIMES[name].read({})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(
    ["web", "${{A}}", "${{a.PGHOST}}", "${db.DATABASE_URL}", "a 'b", "PRE_DEPLOY", "secret", "/readyz", "7"]
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | SCALARS, inner, max_size=4),
)


@st.composite
def bent(draw: st.DrawFn, data: Any) -> Any:
    """The committed manifest with something else in one place, or in several."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    if isinstance(data, dict) and data:
        key = draw(st.sampled_from(sorted(data)))
        return {**data, key: draw(bent(data[key]))}
    if isinstance(data, list) and data:
        index = draw(st.integers(0, len(data) - 1))
        return [*data[:index], draw(bent(data[index])), *data[index + 1 :]]
    return draw(JSON)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_anything_else_is_a_value_error(name, data):
    documents = committed(name)
    path = data.draw(st.sampled_from(sorted(documents)))
    documents[path] = replace(documents[path], data=data.draw(JSON | bent(documents[path].data)))
    try:
        wanted = RUNTIMES[name].read(documents)
    except ValueError as problem:
        said = str(problem)
    else:
        said = "a manifest that is fit"
        usable(name, wanted)
    assert 10 < len(said) < 200
    assert "invalid literal" not in said


def usable(name: str, wanted: Wanted) -> None:
    """Assert that nothing in it would surprise a session."""
    host = RUNTIMES[name].HABITS.host.format(name=wanted.name)
    assert all(LABEL.fullmatch(label) for label in host.split("."))
    assert wanted.instances >= 1
    assert wanted.memory_mb > 0
    assert all(isinstance(key, str) for key in wanted.envs)
    assert wanted.command is None or all(isinstance(word, str) for word in wanted.command)
