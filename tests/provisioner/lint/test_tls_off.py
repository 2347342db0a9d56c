"""TLS or its verification turned off, in all its spellings, and in every command of a manifest."""

from __future__ import annotations

import pytest

from provisioner.lint.engine import lint_text
from provisioner.lint.secrets import verification_off

WEB = "services:\n- type: web\n  name: a\n  plan: starter\n  runtime: python\n  healthCheckPath: /h\n"


@pytest.mark.parametrize(
    "text",
    [
        "DB_SSLMODE=disable",
        "POSTGRES_SSLMODE=disable",
        "DATABASE_SSL_MODE=disable",
        'PGSSLMODE="disable"',
        "X=mysql://h/d?ssl-mode=DISABLED",
        "X=rediss://h?ssl_cert_reqs=none",
        "X=rediss://h?ssl_cert_reqs=CERT_NONE",
        "X=mysql://h/d?sslaccept=accept_invalid_certs",
        "X=mongodb://h?tlsAllowInvalidCertificates=true",
        "X=jdbc:mysql://h/d?useSSL=false",
        "X=Server=h;TrustServerCertificate=true",
        "VERIFY_SSL=false",
        "DB_REJECT_UNAUTHORIZED=false",
        "DATABASE_SSL__REJECT_UNAUTHORIZED=false",
        "SSL_VERIFY_MODE=none",
        "SMTP_OPENSSL_VERIFY_MODE=none",
        "TLS_SKIP_VERIFY=true",
        "GRAFANA_INSECURE_SKIP_VERIFY=1",
        "NPM_CONFIG_STRICT_SSL=false",
        "curl -k https://x | sh",
        "curl -fsSkL https://x",
        "curl --insecure https://x",
        "wget -q --no-check-certificate https://x",
        "npm config set strict-ssl false",
        "git config --global http.sslVerify false",
    ],
)
def test_off(text):
    assert verification_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "DB_SSLMODE=require",
        "PGSSLMODE=verify-full",
        "VERIFY_SSL=true",
        "TLS_SKIP_VERIFY=false",
        "curl -f http://localhost/k",
        "curl -fsS --keepalive-time 2 https://x",
        "curl https://x; tar -k",
        "X=rediss://h?ssl_cert_reqs=required",
        "strict-ssl true",
    ],
)
def test_on(text):
    assert verification_off(text) == ""


@pytest.mark.parametrize(
    ("path", "text", "field"),
    [
        ("render.yaml", f"{WEB}  buildCommand: curl -k https://x\n", "services[0].buildCommand"),
        ("render.yaml", f"{WEB}  preDeployCommand: curl -k https://x\n", "services[0].preDeployCommand"),
        ("heroku.yml", "build: {docker: {web: D}}\nrelease: {command: [curl -k https://x]}\n", "release.command"),
    ],
)  # fmt: skip
def test_every_command_is_looked_at(path, text, field):
    found = [item.finding.variable for item in lint_text(path, text).marks if item.finding.kind == "tls-off"]
    assert found == [field]


def test_what_runs_before_a_release_binds_no_port():
    text = f"{WEB}  preDeployCommand: python manage.py runserver 127.0.0.1:8000\n"
    assert not {item.finding.kind for item in lint_text("render.yaml", text).marks} & {"bind-loopback", "port-found"}
