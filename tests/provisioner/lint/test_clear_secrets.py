"""Secrets behind a dollar sign or digits, in commands, in arguments of a build; and what only looks like one."""

from __future__ import annotations

import json

import pytest

from provisioner.lint.engine import lint_text
from provisioner.lint.secrets import clear_secret, known_secret, secrets_in

WEB = "services:\n- type: web\n  name: a\n  plan: starter\n  runtime: python\n  healthCheckPath: /h\n"
SPEC = "name: a\nservices:\n- name: web\n  instance_size_slug: apps-s-1vcpu-0.5gb\n"
COMPOSE = "services:\n  a:\n    image: a/b:1.0\n"
GITHUB = "ghp_" + "a1B2" * 9
NPM = "npm_" + "a1B2" * 9


def named(path: str, text: str) -> list[tuple[str, str]]:
    """Return the field and the words of each secret that is found in clear."""
    marks = [item.finding for item in lint_text(path, text).marks if item.finding.kind == "secret-in-clear"]
    return [(item.variable, item.message.split(" has its", maxsplit=1)[0]) for item in marks]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "django-insecure-)ab$cdef3k0"),
        ("SECRET_KEY", "ab$$cdef3k0"),
        ("SECRET_KEY", "ab${cdef3k0"),
        ("SECRET_KEY", "ab%(cdef3k0"),
        ("DATABASE_URL", "postgres://u:pa$s@db/a"),
        ("DATABASE_URL", "postgres://u:ABC123@db/a"),
        ("URLS", "redis://:$PW@a/0 redis://:hunter2@b/0"),
        ("DB_PASSWORD", "P4SSW0RD"),
        ("API_TOKEN", "EA167A5A36DEDD4BEA25438F14E45FCE"),
        ("ADMIN_PASSWORD", "123456"),
        ("DB_PASS", "0000"),
        ("ANYTHING", NPM),
        ("ANYTHING", "dckr_pat_" + "aB3-" * 6),
        ("ANYTHING", "sk-ant-" + "aB3_" * 6),
        ("ANYTHING", "hf_" + "aB3d" * 8),
    ],
)
def test_a_secret(name, value):
    assert clear_secret(name, value)


@pytest.mark.parametrize(
    "value",
    [
        "$PW",
        "$pw",
        "$DB_PASSWORD",
        "${PW:-}",
        "${A:-${B}}",
        "$(MY_PW)",
        "$$cap_pw",
        "x-$SERVICE_PASSWORD_DB",
        "%(pw)s",
        "***",
        "...",
        "xxxxxxxx",
        "N/A",
        "OTHER_VARIABLE",
    ],
)
def test_a_reference_or_placeholder(value):
    assert not clear_secret("DB_PASSWORD", value)


@pytest.mark.parametrize("switch", ["0", "1", "true"])
def test_a_switch_is_no_password(switch):
    assert not clear_secret("RESET_PASSWORD", switch)


@pytest.mark.parametrize(
    "name",
    [
        "JWT_TOKEN_LOCATION",
        "SESSION_TOKEN_STRATEGY",
        "PASSWORD_HASHING",
        "SECRET_BACKEND",
        "PASSWORD_VALIDATORS",
        "TOKEN_SCOPE",
        "TOKEN_AUTH_METHOD",
        "RESET_TOKEN_VALIDITY",
        "ENCRYPTION_KEY_ALIAS",
        "CREDENTIALS_MODE",
        "SESSION_KEY_STORE",
        "JWT_KEY_FORMAT",
    ],
)
def test_a_setting_about_a_secret(name):
    assert not clear_secret(name, "headers")


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("SECRET_KEY=abcdef0123 gunicorn app", ["SECRET_KEY"]),
        ("export DB_PASSWORD='hunter2'; run", ["DB_PASSWORD"]),
        ("redis-server --requirepass hunter2", ["--requirepass"]),
        ('redis-server --requirepass "$REDIS_PASSWORD"', []),
        ("redis-server --requirepass $$REDIS_PASSWORD", []),
        ('SECRET_KEY="$(cat /run/secret)" run', []),
        ("SECRET_KEY=${KEY} API_KEY=$1 run", []),
        ("run --token-path=x PORT=1", []),
        ("SECRET_KEY=dummy python manage.py collectstatic", []),
    ],
)
def test_secrets_in_a_command(command, names):
    assert secrets_in(command) == names


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("render.yaml", f"{WEB}  repo: https://me:{GITHUB}@github.com/a/b\n", ("services[0].repo", "repo")),
        ("render.yaml", f"{WEB}  startCommand: SECRET_KEY=abc0 run\n", ("services[0].startCommand", "SECRET_KEY")),
        (
            "render.yaml",
            WEB + "  envVars:\n  - {key: API_KEY, value: hunter2, sync: false}\n",
            ("services[0].envVars[0].value", "API_KEY"),
        ),
        (
            "render.yaml",
            WEB + "  envVars:\n  - {key: API_KEY, sync: false, previewValue: hunter2}\n",
            ("services[0].envVars[0].previewValue", "API_KEY"),
        ),
        ("fly.toml", 'app = "a"\n[build.args]\nTOKEN = "hunter2"\n', ("build.args.TOKEN", "TOKEN")),
        ("compose.yaml", f"{COMPOSE}    build: {{args: {{KEY: {NPM}}}}}\n", ("services.a.build.args.KEY", "KEY")),
        ("compose.yaml", f"{COMPOSE}    build: {{args: [A_TOKEN=q1]}}\n", ("services.a.build.args[0]", "A_TOKEN")),
        ("compose.yaml", f"{COMPOSE}    labels: [k={NPM}]\n", ("services.a.labels[0]", "k")),
        ("compose.yaml", f"{COMPOSE}    environment: {{TOKEN: pa$$word}}\n", ("services.a.environment.TOKEN", "TOKEN")),
        (
            "compose.yaml",
            COMPOSE + "    command: [redis-server, --requirepass, hunter2]\n",
            ("services.a.command", "--requirepass"),
        ),
        (
            ".do/app.yaml",
            SPEC + "  image: {registry_type: GHCR, repository: b, tag: '1', registry_credentials: 'me:hunter2'}\n",
            ("services[0].image.registry_credentials", "registry_credentials"),
        ),
        (
            ".do/app.yaml",
            SPEC + "  log_destinations: [{name: l, datadog: {api_key: hunter2}}]\n",
            ("services[0].log_destinations[0].datadog.api_key", "api_key"),
        ),
    ],
)  # fmt: skip
def test_wherever_it_stands(path, text, found):
    assert named(path, text) == [found]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("render.yaml", f"{WEB}  envVars:\n  - {{key: VITE_KEY, value: AIza{'x' * 35}}}\n"),
        ("app.json", '{"env": {"URL": {"description": "as postgres://user:password@host/db", "required": true}}}'),
        ("render.yaml", f"{WEB}  startCommand: run postgres://u:$PW@db/a\n"),
        (".do/app.yaml", f"{SPEC}  image: {{registry_type: GHCR, repository: b, registry_credentials: 'EV[1:a:b]'}}\n"),
    ],
)
def test_what_is_none(path, text):
    assert named(path, text) == []


def test_prose_is_no_service():
    text = f"services:\n  notes:\n    image: a/b:1.0\n    labels: {{k: {NPM}}}\n"
    assert named("compose.yaml", text) == [("services.notes.labels.k", "k")]
    assert named("app.json", json.dumps({"env": {}, "description": f"use {GITHUB}"})) == [
        ("description", "description")
    ]


def test_each_secret_is_told_once():
    text = WEB + f"  envVars:\n  - {{key: API_KEY, value: {GITHUB}}}\n  - {{key: URL, value: 'redis://:pw@h/0'}}\n"
    assert len(named("render.yaml", text)) == 2


def test_a_form_that_says_nothing():
    assert known_secret("SECRET_KEY", "hunter2") is None
    assert known_secret("VITE_TOKEN", GITHUB) is False
