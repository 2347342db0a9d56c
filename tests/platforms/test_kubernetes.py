"""Kubernetes: the environment that the chart gives a pod, and the install page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from platforms.kubernetes import manifest
from provisioner import InvalidEnvironment, plan
from provisioner.platform import detect
from provisioner.spec import AppSpec, Image
from provisioner.web_values import own_address
from tests.platforms.manifests import DIGEST, FLAVOURS, ROOT, flavours

POD = {
    "KUBERNETES_SERVICE_HOST": "10.96.0.1",
    "KUBERNETES_SERVICE_PORT": "443",
    "HOSTNAME": "mathesar-6d5f8c7b9-x2lqk",
    "APP_PLATFORM": "kubernetes",
    "PORT": "8000",
    "APP_URL": "https://data.example.com",
    "ALLOWED_HOSTS": "data.example.com,sheets.example.com",
    "APP_MEMORY_MB": "768",
    "APP_CONNECTION_LIMIT": "25",
    "DATABASE_URL": "postgresql://app:Zq3vT8mXw2LkRb7n@pg-rw.data:5432/app",
    "SECRET_KEY": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "MATHESAR_SETUP_CODE": "d5f2c1d7e0b1a4c3d9e8f7a6b5c4d3e2",
}


def test_a_pod_of_the_chart():
    result = plan(POD)
    assert result.findings == ()
    assert (result.platform, result.profile, result.embedded) == ("kubernetes", "paas", False)
    assert result.hosts == ("data.example.com", "sheets.example.com")
    assert result.origins == ("https://data.example.com", "https://sheets.example.com")
    assert (result.bind, result.graceful_timeout, result.trust_forwarded_proto) == ("[::]:8000", 25, True)
    assert (result.memory_mb, result.connection_limit) == (768, 25)
    assert result.internal is not None
    assert result.internal.url.params["sslmode"] == "require"  # CloudNativePG has TLS


@pytest.mark.parametrize("lost", ["DATABASE_URL", "SECRET_KEY"])
def test_what_is_lost_stops_the_start_and_is_never_made_up_in_a_pod(lost: str):
    with pytest.raises(InvalidEnvironment) as refused:
        plan({name: value for name, value in POD.items() if name != lost})
    assert [item.variable for item in refused.value.findings if item.severity == "error"] == [lost]


def test_a_pod_that_another_platform_runs_is_not_taken():
    assert detect({"KUBERNETES_SERVICE_HOST": "10.96.0.1", "HOSTNAME": "x"}) == ()


def test_without_a_host_it_is_reached_through_a_forwarded_port():
    result = plan({name: value for name, value in POD.items() if name not in ("APP_URL", "ALLOWED_HOSTS")})
    assert result.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (result.trust_forwarded_proto, result.origins) == (False, ())


@pytest.mark.parametrize("host", ["mathesar-db.data.svc", "mathesar-db.data.svc.cluster.local"])
def test_the_trial_database_has_no_tls(host: str):
    result = plan(POD | {"DATABASE_URL": f"postgresql://mathesar:Zq3vT8mXw2LkRb7n@{host}:5432/mathesar"})
    assert result.internal is not None
    assert result.internal.url.params["sslmode"] == "prefer"


@pytest.mark.parametrize("text", ["", "many", "-1", "9" * 20, "٣"])
def test_numbers_that_are_none_are_the_facts(text: str):
    result = plan(POD | {"APP_MEMORY_MB": text, "APP_CONNECTION_LIMIT": text})
    assert (result.memory_mb, result.connection_limit) == (512, 100)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://data.example.com", ("data.example.com", True)),
        ("http://data.example.com:8080/x", ("data.example.com", False)),
        ("data.example.com", ("data.example.com", False)),
        ("https://[fd00::1]:8443", ("[fd00::1]", True)),
        ("https://[fd00", ("https://[fd00", False)),
        ("", ("", False)),
    ],
)
def test_an_apps_own_address(url: str, expected: tuple[str, bool]):
    assert own_address(url) == expected


@flavours
def test_the_pages_values_are_the_charts(spec: AppSpec):
    page = manifest.files(spec)["platforms/kubernetes/README.md"]
    block = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert block is not None
    given = yaml.safe_load(block[1])
    known = yaml.safe_load((ROOT / manifest.CHART / "values.yaml").read_text(encoding="utf-8"))
    for name, table in given.items():
        assert set(table) <= set(known[name])
    assert f"generic {given['database']['secretName']} " in page
    assert f"--from-file={known['database']['secretKey']}=" in page
    if isinstance(spec.source, Image):
        assert given["image"] == {"repository": "ghcr.io/example/published", "digest": DIGEST}
    assert f"helm install {spec.name} {manifest.CHART} --namespace {spec.name}" in page


def test_the_page_names_no_secret_on_a_command_line():
    page = manifest.files(FLAVOURS["built"])["platforms/kubernetes/README.md"]
    assert "--from-literal" not in page
    assert "--set" not in page


def test_the_page_links_to_what_is_there():
    folder = ROOT / manifest.FOLDER
    text = (folder / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not Path(folder / link).exists()] == []
