"""Installed and upgraded by Helm's own code, in an API that only keeps objects: what is made up is made once."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from tests.packages import chart
from tests.packages.chart import CHART, FULL, NAME, NAMESPACE, Json, merged
from tests.packages.kube_api import KubeApi

pytestmark = pytest.mark.prove
TRIAL = merged(chart.BASE, chart.DATABASES["trial"])
SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"


class Release:
    """One release in one cluster."""

    def __init__(self, api: KubeApi) -> None:
        self.api = api
        self.config: Any = chart.helm().Config(kube_apiserver=api.url, namespace=NAMESPACE, storage_driver="memory")

    def install(self, values: Json) -> None:
        self.config.install(CHART, NAME, values, namespace=NAMESPACE)

    def upgrade(self, values: Json) -> None:
        self.config.upgrade(CHART, NAME, values, namespace=NAMESPACE)

    def kept(self) -> list[Json]:
        """Return the data of both Secrets that the chart makes."""
        return [dict(self.api.secret(name)) for name in (FULL, f"{FULL}-db")]

    def checksum(self) -> str:
        """Return what the pods are made anew for."""
        template = self.api.find("Deployment", FULL)["spec"]["template"]
        return str(template["metadata"]["annotations"]["checksum/secrets"])


@pytest.fixture
def release() -> Iterator[Release]:
    with KubeApi() as api:
        yield Release(api)


def secret(name: str, **data: str) -> Json:
    coded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    meta = {"name": name, "namespace": NAMESPACE}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": coded}


def test_an_upgrade_keeps_keys_and_pods(release: Release):
    release.install(TRIAL)
    kept, checksum = release.kept(), release.checksum()
    for values in (TRIAL, merged(TRIAL, {"replicas": 3})):
        release.upgrade(values)
        assert (release.kept(), release.checksum()) == (kept, checksum)


def test_keys_outlive_the_release(release: Release):
    release.install(TRIAL)
    kept = release.kept()
    release.config.uninstall(NAME)
    assert sorted(release.api.objects) == [f"{SECRETS}/{FULL}", f"{SECRETS}/{FULL}-db"]
    release.install(TRIAL)
    assert release.kept() == kept


def test_a_failed_first_installations_key_is_used_again(release: Release):
    """The hook may have written with it already: its copy is all that is left."""
    release.api.put(f"{SECRETS}/{chart.HOOK}", secret(chart.HOOK, SECRET_KEY="k" * 64))
    release.install(TRIAL)
    assert base64.b64decode(release.api.secret(FULL)["SECRET_KEY"]) == b"k" * 64


def test_a_key_that_the_chart_made_is_not_lost_by_adding_a_database(release: Release):
    release.install(TRIAL)
    before = release.kept()[0]
    release.upgrade(merged(TRIAL, {"databases": {"sales": {"url": chart.PLANTED_URL}}}))
    after = release.kept()[0]
    assert before.items() <= after.items()
    assert set(after) - set(before) == {"MATHESAR_DATABASE_SALES_URL"}


def test_pods_are_made_anew_for_each_changed_secret_and_nothing_else(release: Release):
    values = merged(TRIAL, {"databases": {"sales": {"secretName": "sales"}}})
    release.api.put(f"{SECRETS}/sales", secret("sales", uri="postgresql://a"))
    release.install(values)
    seen = [release.checksum()]
    release.upgrade(values)
    assert release.checksum() == seen[-1]
    release.api.put(f"{SECRETS}/sales", secret("sales", uri="postgresql://b"))
    release.upgrade(values)
    seen.append(release.checksum())
    for url in ("postgresql://c", "postgresql://d"):
        release.upgrade(merged(values, {"databases": {"staff": {"url": url}}}))
        seen.append(release.checksum())
    assert len(set(seen)) == len(seen)
