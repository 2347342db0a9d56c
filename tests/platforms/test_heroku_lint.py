"""app.json and heroku.yml as they are found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.heroku import lint
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import junk, kinds_in, on_real
from tests.platforms.manifests import corpus

Parts = dict[str, Any]


def kinds(text: str, name: str = "app.json") -> dict[str, str]:
    return kinds_in(text, name)


def addon(plan: str, **more: Any) -> Parts:
    return {"addons": [{"plan": plan, **more} if more else plan]}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"name": "x"}, {}),
        ({"name": 1}, {"name": "field-type"}),
        ({"somebody": "else's", "name": "x"}, {}),
        ({"env": {"A": "text", "B": {"description": "d", "required": False}}}, {}),
        ({"env": {"A": True}}, {"env.A": "value-loose"}),
        ({"env": {"A": {"value": 1}}}, {"env.A.value": "value-loose"}),
        ({"env": {"A": {"required": "false"}}}, {"env.A.required": "value-loose"}),
        ({"env": {"A": {"valeu": "x"}}}, {"env.A.valeu": "field-unknown"}),
        ({"env": {"A": ["x"]}}, {"env.A": "field-type"}),
        ({"env": {"SECRET_KEY": {"generator": "secret"}}}, {}),
        ({"env": {"SECRET_KEY": {"generator": "random"}}}, {"env.SECRET_KEY.generator": "field-value"}),
        ({"env": {"SECRET_KEY": "abcdef"}}, {"env.SECRET_KEY": "secret-in-clear"}),
        ({"env": {"DB_PASSWORD": {"value": "abcdef"}}}, {"env.DB_PASSWORD.value": "secret-in-clear"}),
        ({"env": {"NODE_TLS_REJECT_UNAUTHORIZED": "0"}}, {"env.NODE_TLS_REJECT_UNAUTHORIZED": "tls-off"}),
        (addon("heroku-postgresql:essential-0"), {}),
        (addon("heroku-postgresql:standard-0"), {}),
        (addon("heroku-postgresql"), {"addons[0]": "plan-implicit"}),
        (addon("heroku-postgresql:hobby-dev"), {"addons[0]": "plan-retired"}),
        (addon("heroku-postgresql:mini"), {"addons[0]": "plan-retired"}),
        (addon("heroku-postgresql:hobby-basic", **{"as": "DB"}), {"addons[0].plan": "plan-retired"}),
        (addon("heroku-postgresql:esential-0"), {"addons[0]": "plan-unknown"}),
        (addon("heroku-redis:hobby-dev"), {"addons[0]": "plan-retired"}),
        (addon("papertrail:choklad"), {}),
        (addon("heroku-postgresql:essential-0", options={"version": "12"}), {
            "addons[0].options.version": "version-retired"}),
        ({"addons": {}}, {"addons": "field-type"}),
        ({"formation": {"web": {"quantity": 1, "size": "basic"}}}, {}),
        ({"formation": {"web": {"quantity": 1, "size": "Standard-1X"}}}, {}),
        ({"formation": {"web": {"quantity": 1, "size": "free"}}}, {"formation.web.size": "plan-retired"}),
        ({"formation": {"web": {"quantity": 1, "size": "huge"}}}, {"formation.web.size": "plan-unknown"}),
        ({"formation": {"web": {"quantity": "1"}}}, {"formation.web.quantity": "field-type"}),
        ({"stack": "container"}, {}),
        ({"stack": "heroku-24"}, {}),
        ({"stack": "heroku-18"}, {"stack": "version-retired"}),
        ({"stack": "heroku-22"}, {"stack": "version-ending"}),
        ({"stack": "heroku-99"}, {"stack": "field-value"}),
        ({"scripts": {"postdeploy": "python manage.py migrate"}}, {}),
        ({"scripts": {"pr-predeploy": "x"}}, {"scripts.pr-predeploy": "field-deprecated"}),
        ({"buildpacks": [{"url": "heroku/python"}]}, {}),
        ({"buildpacks": [{}]}, {"buildpacks[0].url": "field-absent"}),
        ({"environments": {"test": {"addons": ["heroku-postgresql:in-dyno"]}}}, {}),
        ({"environments": {"review": {"addons": ["heroku-postgresql:mini"]}}}, {
            "environments.review.addons[0]": "plan-retired"}),
    ],
)  # fmt: skip
def test_what_is_said_of_app_json(data: Parts, expected: dict[str, str]):
    assert kinds(json.dumps({"keywords": ["x"], **data})) == expected


BUILD = "build:\n  docker:\n    web: Dockerfile\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BUILD, {}),
        (BUILD + "run:\n  web: gunicorn app\n", {}),
        (BUILD + "run:\n  web: gunicorn -b 127.0.0.1:$PORT app\n", {"run.web": "bind-loopback"}),
        (BUILD + "run:\n  web:\n    command: [uvicorn --port 8000 a:b]\n", {"run.web": "port-fixed"}),
        (BUILD + "run:\n  worker: redis-server --port 8000\n", {}),
        (BUILD + "release:\n  image: web\n  command: [./migrate]\n", {}),
        (BUILD + "setup:\n  addons:\n  - plan: heroku-postgresql:mini\n", {
            "setup": "field-deprecated", "setup.addons[0].plan": "plan-retired"}),
        (BUILD + "runs: {}\n", {"runs": "field-unknown"}),
        ("build:\n  languages: [go]\n", {}),
        ("build:\n  dokcer: {}\n", {"build.dokcer": "field-unknown"}),
        ("build: [\n", {"(top)": "manifest-unreadable"}),
    ],
)  # fmt: skip
def test_what_is_said_of_heroku_yml(text: str, expected: dict[str, str]):
    assert kinds(text, "heroku.yml") == expected


def test_the_other_ending_is_not_read():
    assert kinds(BUILD, "heroku.yaml") == {"(top)": "file-misplaced"}


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://heroku.com/deploy", "button-implicit"),
        ("https://www.heroku.com/deploy?template=https://github.com/a/b", None),
        ("https://dashboard.heroku.com/new-app?template=https://github.com/a/b", None),
        ("https://www.herokucdn.com/deploy/button.svg", None),
        ("https://www.heroku.com/pricing", None),
    ],
)
def test_buttons(url: str, kind: str | None):
    assert lint.judge_link(url) == kind


REAL = corpus("heroku")


@on_real(REAL)
def test_real_files_are_read_without_a_false_invalid(file: Path):
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    assert linted.platform == "heroku"
    wrong = [
        item for item in linted.marks if item.finding.kind.startswith("field-") and item.finding.severity == "error"
    ]
    assert [str(item.finding) for item in wrong] == []


@pytest.mark.skipif(not REAL, reason="the real manifests are not here: they are no part of the project")
def test_every_retired_plan_of_the_corpus_is_found():
    dead = {"hobby-dev", "hobby-basic", "mini", '"free"', '"hobby"'}
    for file in REAL:
        text = file.read_text(encoding="utf-8")
        plans = [item for item in lint_text(file.name, text).marks if item.finding.kind == "plan-retired"]
        written = sum(text.count(name if name.startswith('"') else f":{name}") for name in dead)
        redis_mini = text.count("heroku-redis:mini")  # still sold
        assert len(plans) == written - redis_mini, file.name


JUNK = junk(["plan", "options", "version", "web", "size", "value", "generator", "url", "command", "env", "addons"])
KEYS = st.sampled_from(
    ["env", "addons", "formation", "scripts", "stack", "environments", "build", "run", "setup", "release"]
)


@settings(max_examples=300)
@given(st.dictionaries(KEYS, JUNK), st.sampled_from(["json", "yaml"]))
def test_no_document_breaks_it(data: dict[str, Any], kind: str):
    list(lint.lint(Document("app.json", "", kind, data)))
    assert lint.recognises(Document("app.json", "", kind, data)) >= 0
