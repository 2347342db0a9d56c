"""fly.toml as it is found: a table of texts and what must be said of each, and nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.fly import lint
from provisioner.facts import tomllib
from provisioner.lint.document import Document
from provisioner.lint.engine import lint_text
from tests.platforms.linting import damage, junk, kinds_in, on_real
from tests.platforms.manifests import corpus

TOP = 'app = "a"\nprimary_region = "iad"\n%s\n'
CHECK = '[[http_service.checks]]\npath = "/up"\n'
WEB = TOP + "[http_service]\ninternal_port = 8000\n" + CHECK
OLD = TOP % "" + "[[services]]\ninternal_port = 80\n%s[[services.http_checks]]\npath = '/'\n%s"
CRON = TOP + '[processes]\nmain = "worker"\n'


def kinds(text: str, name: str = "fly.toml") -> dict[str, str]:
    return kinds_in(text, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WEB % "", {}),
        (CRON % "", {}),
        (OLD % ("", ""), {}),
        (WEB.replace(CHECK, "") % "", {"http_service": "health-missing"}),
        (WEB.replace(CHECK, "") % "" + '[checks.up]\ntype = "http"\nport = 8000\npath = "/up"\n', {}),
        (WEB.replace(CHECK, "") % "" + '[checks.up]\ntype = "tcp"\nport = 8000\n', {"http_service": "health-missing"}),
        (OLD % ('protocol = "udp"\n', ""), {}),
        (WEB % 'regoin = "iad"', {"regoin": "field-unknown"}),
        (WEB % "swap_size_mb = 'much'", {"swap_size_mb": "field-type"}),
        (WEB % 'kill_signal = "SIGNAL"', {"kill_signal": "field-value"}),
        (WEB % "kill_timeout = 5", {"kill_timeout": "shutdown-short"}),
        (WEB % 'kill_timeout = "5s"', {"kill_timeout": "shutdown-short"}),
        (WEB % 'kill_timeout = "2m30s"', {}),
        (WEB % "kill_timeout = 301", {"kill_timeout": "field-form"}),
        (WEB % 'kill_timeout = "soon"', {"kill_timeout": "field-form"}),
        (CRON % "kill_timeout = 5", {}),
        (WEB.replace('"iad"', '"sea"') % "", {"primary_region": "value-deprecated"}),
        (WEB % "processes = []", {"processes": "field-deprecated"}),
        (WEB % "[experimental]\nauto_rollback = true", {"experimental.auto_rollback": "field-deprecated"}),
        (WEB % "[experimental]\nenable_consul = true", {}),
        (WEB % '[build]\nimage = "nginx"', {"build.image": "image-floating"}),
        (WEB % '[build]\nimage = "nginx:1.27.3"', {}),
        (WEB % '[build]\nbuild-target = "web"', {}),
        (WEB % '[build]\ndokerfile = "x"', {"build.dokerfile": "field-unknown"}),
        (WEB % '[deploy]\nrelease_command = "python manage.py migrate"\nrelease_command_timeout = "10m"', {}),
        (WEB % '[deploy]\nstrategy = "boldly"', {"deploy.strategy": "field-value"}),
        (WEB % '[deploy.release_command_vm]\nsize = "huge"', {"deploy.release_command_vm.size": "plan-unknown"}),
        (WEB % '[env]\nSECRET_KEY = "abcdef"', {"env.SECRET_KEY": "secret-in-clear"}),
        (WEB % '[env]\nDATABASE_URL = "postgres://a:s3cret@h/d"', {"env.DATABASE_URL": "secret-in-clear"}),
        (WEB % '[env]\nPGSSLMODE = "disable"', {"env.PGSSLMODE": "tls-off"}),
        (WEB % "[env]\nPORT = 8000", {"env.PORT": "value-loose"}),
        (WEB % '[env]\nPORT = "8000"', {}),
        (WEB % '[env]\nPORT = "3000"', {"env.PORT": "port-fixed"}),
        (WEB.replace("internal_port = 8000\n", "") % '[env]\nPORT = "8080"', {}),
        (WEB % '[env]\nFLY_X = "1"', {"env.FLY_X": "field-form"}),
        (WEB % '[processes]\nweb = "gunicorn -b 127.0.0.1:8000 a"', {"processes.web": "bind-loopback"}),
        (WEB % '[processes]\nweb = "gunicorn -b 0.0.0.0:8000 a"', {}),
        (WEB % '[[vm]]\nsize = "shared-cpu-1x"\nmemory = "512mb"', {}),
        (WEB % '[vm]\nsize = "l40s"\nmemory = "1 GB"', {}),
        (WEB % '[[vm]]\nmemory = "a lot"', {"vm[0].memory": "field-form"}),
        (WEB % '[mounts]\nsource = "d"\ndestination = "/d"', {}),
        (WEB % '[mounts]\nsource = "d"', {"mounts[0].destination": "field-absent"}),
        (WEB % '[mount]\nsource = "d"\ndestination = "/d"', {"mount": "field-deprecated"}),
        (WEB.replace("port = 8000", 'port = "8000"') % "", {"http_service.internal_port": "value-loose"}),
        (WEB.replace(CHECK, "auto_stop_machines = true\n" + CHECK) % "", {
            "http_service.auto_stop_machines": "value-loose"}),
        (WEB.replace(CHECK, 'auto_stop_machines = "never"\n' + CHECK) % "", {
            "http_service.auto_stop_machines": "field-value"}),
        (WEB % "" + "interval = '15s'\ntimeout = 2000\n", {}),
        (WEB % "" + "interval = 'often'\n", {"http_service.checks[0].interval": "field-form"}),
        (WEB % "" + "restart_limit = 6\n", {"http_service.checks[0].restart_limit": "field-deprecated"}),
        (OLD % ("script_checks = []\n", ""), {"services[0].script_checks": "field-deprecated"}),
        (OLD % ('concurrency = "20,25"\n', ""), {"services[0].concurrency": "value-deprecated"}),
        (OLD % ("", '[[services.ports]]\nport = "80"\n'), {"services[0].ports[0].port": "value-loose"}),
        (OLD % ("", '[[services.ports]]\nport = 80\nhandlers = ["ftp"]\n'), {
            "services[0].ports[0].handlers[0]": "field-value"}),
        (WEB.replace('"a"', '"{{ name }}"') % "", {"app": "value-placeholder"}),
        (WEB % "{% if vm %}", {"(top)": "manifest-unreadable"}),
        ("", {"(top)": "manifest-empty"}),
    ],
)  # fmt: skip
def test_what_is_said(text, expected):
    assert kinds(text) == expected


def test_a_template_is_located():
    found = lint_text("fly.toml", WEB % "{% if vm_size %}").marks
    assert [(item.finding.kind, item.line) for item in found] == [("manifest-unreadable", 3)]


@pytest.mark.parametrize("name", ["fly.toml", "deploy/fly.toml", "fly.staging.toml", "config.toml"])
def test_it_is_recognised(name):
    assert lint_text(name, WEB % "").platform == "fly"


def test_no_value_is_quoted_where_it_may_be_a_secret():
    said = str(lint_text("fly.toml", WEB % '[env]\nSECRET_KEY = "Zq3vT8mXw2Lk"').marks)
    assert "fly secrets import for SECRET_KEY" in said
    assert "Zq3v" not in said


EXPECTED = {
    "ArchiveBox__ArchiveBox__etc~fly.toml": [
        "shutdown-short", "field-deprecated", "health-missing", "field-deprecated", "field-deprecated"],
    "edgedb__edgedb-deploy__fly-io~fly.toml": ["image-floating"],
    "flawsom__test-mandi__fly.toml": ["value-loose"],
    "django-simple-deploy__dsd-flyio__dsd_flyio~templates~fly.toml": ["manifest-unreadable"],
}  # fmt: skip
REAL = corpus("fly")


@on_real(REAL)
def test_real_files_are_read_without_a_false_invalid(file: Path):
    linted = lint_text(file.name, file.read_text(encoding="utf-8"))
    found = [item.finding.kind for item in linted.marks]
    assert linted.platform == "fly"
    assert [kind for kind in found if kind.startswith("field-") and kind != "field-deprecated"] == []
    assert found == EXPECTED.get(file.name, found)


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5)
KEYS = [
    "http_service", "services", "checks", "env", "PORT", "build", "image", "vm", "size", "deploy", "processes", "path",
    "experimental", "mounts", "internal_port", "ports", "http_checks", "release_command_vm", "cmd",
]  # fmt: skip
JUNK = junk(KEYS, SCALARS)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from([*KEYS, "app", "primary_region", "kill_timeout", "x"]), JUNK))
def test_no_document_breaks_it(data: dict[str, Any]):
    document = Document("fly.toml", "", "toml", data)
    assert 0 <= lint.recognises(document) <= 100
    list(lint.lint(document))
    assert document.data == data


@settings(max_examples=200)
@given(st.data())
def test_no_damage_to_a_real_one_breaks_it(draw):
    text = OLD % ("script_checks = []\n", '[[services.ports]]\nport = 80\n[env]\nA = "b"\n[[vm]]\nsize = "l40s"\n')
    damaged = damage(draw, tomllib.loads(text), JUNK)
    list(lint.lint(Document("fly.toml", "", "toml", damaged)))
