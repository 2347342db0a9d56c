"""Values that do not serve are refused, by the schema or by the chart, with the value's name and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner import InvalidEnvironment, plan
from provisioner.variables import VARIABLES
from tests.packages import chart
from tests.packages.chart import PLANTED, PLANTED_URL, USUAL, Json, merged, render

pytestmark = pytest.mark.prove
SECRET_KINDS = {"database", "databases", "secret", "secrets"}
TRIAL = merged(chart.BASE, chart.DATABASES["trial"])


def changed(**values: Any) -> Json:
    return merged(USUAL, values)


BAD: list[tuple[Json, tuple[str, ...]]] = [
    # by the schema: what is no value of the chart, or not of its kind
    (changed(replicaCount=3), ("additional properties 'replicaCount' not allowed",)),
    (changed(image={"name": "mathesar"}), ("/image", "'name' not allowed")),
    (changed(replicas="3"), ("/replicas", "got string, want integer")),
    (changed(replicas=0), ("/replicas", "minimum", "want 1")),
    (changed(image={"digest": "sha256:abc"}), ("/image/digest", "does not match pattern")),
    (changed(image={"repository": "Registry/Name:tag "}), ("/image/repository", "does not match pattern")),
    (changed(image={"pullPolicy": "always"}), ("/image/pullPolicy", "'Always', 'IfNotPresent', 'Never'")),
    (changed(database={"type": "sqlite"}), ("/database/type", "'existing', 'url', 'cloudnativepg', 'trial'")),
    (changed(database={"connectionLimit": 5}), ("/database/connectionLimit", "want 9")),
    (changed(database={"trial": {"storageSize": "1 GB"}}), ("/database/trial/storageSize", "does not match pattern")),
    (changed(databases={"Sales": {"secretName": "a"}}), ("databases.Sales: a name has up to 48 lower-case letters",)),
    (changed(databases=[{"name": "sales"}]), ("/databases", "want object")),
    (changed(databases={"sales": {"secret": "a"}}), ("/databases/sales", "'secret' not allowed")),
    (changed(databases={"sales": {"secretName": ""}}), ("/databases/sales/secretName", "minLength")),
    (changed(env={"WEB_CONCURRENCY": 2}), ("/env/WEB_CONCURRENCY", "got number, want string")),
    (changed(env={"web_concurrency": "2"}), ("env.web_concurrency: a variable's name has capital",)),
    (changed(env={"PORT": "80"}), ("env.PORT: the chart sets it itself",)),
    (changed(secretEnv={"SECRET_KEY": {"name": "a", "key": "b"}}), ("secretEnv.SECRET_KEY: the chart sets it",)),
    (changed(secretEnv={"X": "value"}), ("/secretEnv/X", "got string, want object")),
    (changed(secretEnv={"X": {"name": "a"}}), ("/secretEnv/X", "missing property 'key'")),
    (changed(url="data.example.com"), ("/url", "does not match pattern")),
    (changed(url="https://data.example.com/path"), ("/url", "does not match pattern")),
    (changed(extraHosts=["*.example.com"]), ("/extraHosts/0", "does not match pattern")),
    (changed(ingress={"enabled": "yes"}), ("/ingress/enabled", "want boolean")),
    (changed(ingress={"enabled": True, "hosts": ["a b"]}), ("/ingress/hosts/0", "does not match pattern")),
    (changed(gateway={"enabled": True, "parentRefs": [{}]}), ("/gateway/parentRefs/0", "missing property 'name'")),
    (changed(service={"port": 70000}), ("/service/port", "maximum")),
    (changed(networkPolicy={"egress": {"databases": [{"cidr": "db.example.com"}]}}), ("databases/0/cidr",)),
    (changed(env={"SMTP_PASSWORD": PLANTED}), ("env.SMTP_PASSWORD: it may be a secret",)),
    (changed(env={"CA_CERT_FILE": "/x"}), ("env.CA_CERT_FILE: no file is mounted",)),
    (changed(podAnnotations={"checksum/secrets": "x"}), ("podAnnotations.checksum/secrets: the chart sets",)),
    (changed(podLabels={"app.kubernetes.io/name": "x"}), ("podLabels.app.kubernetes.io/name: the chart",)),
    (changed(resources={"limit": {}}), ("/resources", "'limit' not allowed")),
    # by the chart: what does not fit together
    ({}, ("image.repository: say where", "database.type: say which database")),
    (merged(chart.BASE, {"database": {"type": "existing"}}), ("database.secretName: name the Secret",)),
    (merged(chart.BASE, {"database": {"type": "url"}}), ("database.url: give the database's URL",)),
    (merged(TRIAL, {"database": {"secretName": "pg"}}), ("database.secretName: it is read with", "existing alone")),
    (changed(database={"url": PLANTED_URL}), ("database.url: it is read with database.type url alone",)),
    (changed(databases={"sales": {}}), ("databases.sales: give either secretName", "or url")),
    (changed(databases={"sales": {"secretName": "a", "url": PLANTED_URL}}), ("databases.sales: give either",)),
    (
        changed(databases={"sales": {"url": PLANTED_URL}}, secrets={"existingSecret": "keys"}),
        ("databases.sales.url: with secrets.existingSecret the chart makes no Secret",),
    ),
    (
        merged(chart.BASE, chart.DATABASES["url"], {"secrets": {"existingSecret": "keys"}}),
        ("database.url: with secrets.existingSecret", "use database.type existing"),
    ),
    (
        changed(
            databases={"sales": {"secretName": "a"}},
            secretEnv={"MATHESAR_DATABASE_SALES_URL": {"name": "a", "key": "b"}},
        ),
        ("secretEnv.MATHESAR_DATABASE_SALES_URL: databases.sales is the same",),
    ),
    (changed(env={"A": "1"}, secretEnv={"A": {"name": "a", "key": "b"}}), ("env.A: it is in secretEnv, too",)),
    (changed(ingress={"enabled": True}), ("ingress.hosts: name the host",)),
    (
        changed(image={"tag": "1.2.3", "digest": "sha256:" + "a1" * 32}),
        ("image.tag: image.digest is set, too", 'with image.digest: "" the tag counts'),
    ),
    (changed(networkPolicy={"egress": {"enabled": True}}), ("networkPolicy.egress.databases: say where the database",)),
    (
        merged(chart.BASE, chart.DATABASES["url"], {"networkPolicy": {"egress": {"enabled": True}}}),
        ("networkPolicy.egress.databases: say where the database is, as [{cidr",),
    ),
    (changed(gateway={"enabled": True}), ("gateway.hostnames: name the host", "gateway.parentRefs: name the Gateway")),
    (changed(autoscaling={"enabled": True, "minReplicas": 9}), ("autoscaling.minReplicas: it is more than",)),
    (changed(replicas=12), ("database.connectionLimit: 100 connections are too few for 12 replicas",)),
    (changed(autoscaling={"enabled": True, "maxReplicas": 30}), ("too few for 30 replicas, which need 9 each",)),
]


@pytest.mark.parametrize(("values", "words"), BAD)
def test_refused_in_words(values: Json, words: tuple[str, ...]):
    with pytest.raises(chart.helm().HelmError) as refused:
        render(values)
    text = str(refused.value)
    assert [each for each in words if each not in text] == [], text
    assert PLANTED not in text


@pytest.mark.parametrize(
    "variable", [each for each in VARIABLES if each.kind in SECRET_KINDS], ids=lambda each: each.name
)
@pytest.mark.parametrize("ending", ["", "_FILE"])
def test_a_secret_variable_has_no_place_among_the_plain_ones(variable: Any, ending: str):
    name = variable.name.replace("<NAME>", "SALES") + ending
    with pytest.raises(chart.helm().HelmError, match=name) as refused:
        render(changed(env={name: PLANTED}))
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize(
    "name",
    ["WEB_CONCURRENCY", "CSRF_TRUSTED_ORIGINS", "MATHESAR_ADMIN_USERNAME", "MATHESAR_BLOCK_PRIVATE_HOSTS", "TZ"],
)
def test_a_plain_variable_reaches_the_app(name: str):
    (container,) = render(changed(env={name: "1"})).find("Deployment")["spec"]["template"]["spec"]["containers"]
    assert {"name": name, "value": "1"} in container["env"]


@pytest.mark.parametrize(
    "values",
    [
        merged(TRIAL, {"networkPolicy": {"egress": {"enabled": True}}}),  # it knows where that one is
        merged(chart.BASE, chart.DATABASES["cloudnativepg"], {"networkPolicy": {"egress": {"enabled": True}}}),
        changed(networkPolicy={"enabled": False, "egress": {"enabled": True}}),  # nothing is made
        changed(networkPolicy={"egress": {"enabled": True, "databases": [{"cidr": "10.0.0.0/8"}]}}),
    ],
)
def test_egress_without_a_list_is_refused_only_where_a_database_is_cut_off(values: Json):
    assert render(values).kinds("Deployment")


@pytest.mark.parametrize("replicas", [1, 2, 5, 8, 11])
def test_what_the_chart_takes_for_enough_connections_the_app_does_too(replicas: int):
    keys = {"uri": "postgresql://a:b@db.example.com/c"}
    environ = render(changed(replicas=replicas)).environ("Deployment", **{"pg-app": keys})
    assert [item.kind for item in plan(environ).findings] == []


def test_the_app_refuses_what_the_chart_would_have():
    keys = {"uri": "postgresql://a:b@db.example.com/c"}
    environ = render(USUAL).environ("Deployment", **{"pg-app": keys})
    with pytest.raises(InvalidEnvironment, match="connections"):
        plan({**environ, "APP_CONNECTION_LIMIT": "8"})
