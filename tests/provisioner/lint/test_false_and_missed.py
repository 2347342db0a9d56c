"""What one platform's linter said wrongly, or in no words of ours, or not at all."""

from __future__ import annotations

import pytest

from platforms.railway.lint import judge_link
from provisioner.lint.engine import lint_text

SPEC = """\
name: a
services:
- name: web
  instance_size_slug: apps-s-1vcpu-0.5gb
  health_check: {http_path: /up}
  git: {repo_clone_url: https://example.com/a.git, branch: main}
"""
FLY = """\
app = "a"
machine_config = "machine.json"
container = "web"
[build.compose]
file = "compose.yml"
[[http_checks]]
path = "/up"
"""
APP = """\
captainVersion: %s
services: {$$cap_appname: {image: 'a/b:1'}}
caproverOneClickApp: {description: a, instructions: {start: a, end: b}}
"""


def kinds(path: str, text: str) -> dict[str, str]:
    return {item.finding.variable: item.finding.kind for item in lint_text(path, text).marks}


def messages(path: str, text: str) -> dict[str, str]:
    return {item.finding.variable: item.finding.message for item in lint_text(path, text).marks}


@pytest.mark.parametrize(
    ("port", "bound", "wrong"),
    [
        ("", 8080, False),
        ("", 8000, True),
        ("http_port: 8080", 8080, False),
        ("http_port: 8080", 8000, True),
        ("http_port: 8000", 8000, False),
        ("http_port: '8000'", 9000, False),
        ("internal_ports: [80]", 8000, False),
    ],
)
def test_digitalocean_sends_requests_to_one_port(port, bound, wrong):
    text = f"{SPEC}  run_command: gunicorn -b 0.0.0.0:{bound} x\n" + (f"  {port}\n" if port else "")
    assert (kinds(".do/app.yaml", text).get("services[0].run_command") == "port-fixed") is wrong


def test_fly_knows_these_fields():
    assert kinds("fly.toml", FLY) == {}


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        ("command: {a: b}", "command", "This must be text or a list."),
        ("depends_on: 3", "depends_on", "This must be a table or a list."),
        ("environment: text", "environment", "This must be a table or a list."),
        ("build: [a]", "build", "This must be text or a table."),
    ],
)
def test_a_shape_is_said_in_our_words(line, field, said):
    assert messages("compose.yaml", f"services:\n  b:\n    image: a/b:1\n    {line}\n") == {f"services.b.{field}": said}


def test_what_is_left_empty_is_none():
    text = "services:\n  b:\n    image: a/b:1\n    command:\n    depends_on:\n    environment:\n"
    assert messages("compose.yaml", text) == {}


def test_one_value_in_two_types_is_told_once():
    assert messages("public/v4/apps/a.yml", APP % 5) == {
        "captainVersion": "The value is none of those that are allowed: 4."
    }


@pytest.mark.parametrize("kind", ["postgres", "3", "[web]"])
def test_render_names_every_type_of_service(kind):
    said = messages("render.yaml", f"services: [{{type: {kind}, name: a}}]\n")
    assert said["services[0].type"].endswith("web, pserv, worker, cron, static, keyvalue, redis or workflow.")


def test_renders_key_value_has_no_previews():
    text = "services: [{type: redis, name: a, ipAllowList: [], previewPlan: free}]\n"
    assert kinds("render.yaml", text) == {"services[0].type": "value-deprecated"}


def test_a_domain_is_no_runtime():
    text = "services: [{type: web, name: a, plan: starter, domain: a.example.com, healthCheckPath: /up}]\n"
    assert kinds("render.yaml", text) == {
        "services[0].domain": "field-deprecated",
        "services[0].runtime": "field-absent",
    }


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://railway.app/new/template?template=https%3A%2F%2Fgithub.com%2Fa%2Fb&plugins=postgresql", "button-old"),
        ("https://railway.com/new/template/?envs=A&template=https://github.com/a/b", "button-old"),
        ("https://railway.com/new/template/abc123?utm_source=button", None),
        ("https://railway.app/new/template?code=abc123", None),
        ("https://render.com/new/template?template=x", None),
    ],
)
def test_railways_buttons(url, kind):
    assert judge_link(url) == kind
    found = [item.finding.kind for item in lint_text("README.md", f"[deploy]({url})\n").marks]
    assert found == ([kind] if kind else [])
