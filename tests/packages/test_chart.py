"""The chart over a matrix of values: what Helm's linter and Kubernetes' schemas say, names, labels, and no leak."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from tests.packages import chart
from tests.packages.chart import FULL, PLANTED, USUAL, Json, Rendered, decoded, merged, render
from tests.packages.crds import SCHEMAS

pytestmark = pytest.mark.prove
NEWEST = 4  # minors of Kubernetes
LABEL = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
SELECTED = ("name", "instance", "component")
NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")


def kubernetes() -> Any:
    """Return the validator of Kubernetes' objects, or skip."""
    return pytest.importorskip(
        "kubernetes_validate", reason="kubernetes-validate is not here: `make chart` installs it"
    )


@pytest.fixture(scope="module")
def rendered() -> dict[str, Rendered]:
    """Every combination of the matrix, rendered."""
    return {name: render(values) for name, values in chart.matrix()}


@pytest.fixture(scope="module")
def different(rendered: dict[str, Rendered]) -> list[Json]:
    """Every object of the matrix that differs from the others in more than what is made up."""
    found = {}
    for each in rendered.values():
        for item in each.objects:
            text = re.sub(r"[0-9a-f]{64}", "", json.dumps({**item, "data": sorted(item.get("data", {}))}))
            found.setdefault(text, item)
    return list(found.values())


@pytest.mark.parametrize("values", [{}, USUAL, merged(chart.BASE, chart.DATABASES["trial"])])
def test_helms_strict_linter_has_nothing_to_say(values: Json):
    report = chart.helm().lint(chart.CHART, values, strict=True)
    assert (report["messages"], report["errors"], report["total_charts_linted"]) == ([], [], 1)


def test_every_object_is_valid_for_the_four_newest_minors(different: list[Json]):
    validator = kubernetes()
    every = {validator.utils.major_minor(version) for version in validator.utils.all_versions()}
    versions = sorted(every, key=_number)[-NEWEST:]
    assert len(versions) == NEWEST
    checked = {
        (item["kind"], version)
        for item in different
        for version in versions
        if item["kind"] not in SCHEMAS and validator.validate(item, version, strict=True) == version
    }
    kinds = {item["kind"] for item in different} - set(SCHEMAS)
    assert checked == {(kind, version) for kind in kinds for version in versions}
    assert {"Deployment", "Job", "StatefulSet", "NetworkPolicy", "Ingress", "HorizontalPodAutoscaler"} <= kinds


def test_a_fault_in_an_object_is_seen():
    validator = kubernetes()
    deployment = render(USUAL).find("Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(validator.ValidationError, match="readynessProbe"):
        validator.validate(deployment, "1.37", strict=True)


def test_the_other_objects_are_valid(different: list[Json]):
    seen = set()
    for item in different:
        if item["kind"] in SCHEMAS:
            jsonschema.validate(item, SCHEMAS[item["kind"]])
            seen.add(item["kind"])
    assert seen == set(SCHEMAS)


@pytest.mark.parametrize("release", ["rel", "9lives", "team.data", "a" * 53, "mathesar", "m-" + "x" * 37 + "-y"])
def test_names_and_labels_fit_whatever_the_release_is_called(release: str):
    for part in chart.DATABASES.values():
        made = render(merged(chart.BASE, part), name=release)
        for item in made.objects:
            own = item["metadata"]["name"]
            if "helm.sh/hook" in item["metadata"].get("annotations", {}):
                assert own.startswith("0-")  # as no other object's
                own = own.removeprefix("0-")
            assert NAME.fullmatch(own), own
            # What Kubernetes and CloudNativePG put behind it: a revision's hash, a pod's number, -app
            assert len(item["metadata"]["name"]) <= 63 - 11
            labels = [item["metadata"]["labels"], *(pod["metadata"]["labels"] for _, pod in made.pods())]
            assert all(LABEL.fullmatch(value) for table in labels for value in table.values())


def test_no_release_has_an_object_of_anothers_hook():
    """Helm deletes by its name alone what the hook leaves, and the Secret of another release would be its key."""
    for part in (chart.EXISTING, chart.DATABASES["url"]):
        for name in ("mathesar", "rel", "9lives"):
            made = [
                render(merged(chart.BASE, part), name=each)
                for each in (name, f"{name}-release", f"{name}-mathesar-release")
            ]
            objects = [(item["kind"], item["metadata"]["name"]) for each in made for item in each.objects]
            assert len(set(objects)) == len(objects), name


def test_what_selects_pods_selects_the_right_ones(rendered: dict[str, Rendered]):
    for name, each in rendered.items():
        pods = {kind.split()[0]: pod["metadata"]["labels"] for kind, pod in each.pods()}
        assert _selected(each.find("Service")["spec"]["selector"], pods) == ["Deployment"], name
        for budget in each.kinds("PodDisruptionBudget"):
            assert _selected(budget["spec"]["selector"]["matchLabels"], pods) == ["Deployment"], name
        for item in [*each.kinds("Deployment"), *each.kinds("StatefulSet")]:
            assert _selected(item["spec"]["selector"]["matchLabels"], pods) == [item["kind"]], name
        for other in each.kinds("Service"):
            assert len(_selected(other["spec"]["selector"], pods)) == 1, name


def test_a_new_version_of_the_chart_alone_restarts_no_pod():
    """A label with the version in a pod's template would: for the trial database, an interruption for nothing."""
    for part in chart.DATABASES.values():
        for what, pod in render(merged(chart.BASE, part)).pods():
            assert set(pod["metadata"]["labels"]) == {f"app.kubernetes.io/{key}" for key in SELECTED}, what


def test_nothing_secret_stands_outside_a_secret(rendered: dict[str, Rendered]):
    for name, each in rendered.items():
        made_up = [value for item in each.kinds("Secret") for value in decoded(item["data"]).values()]
        secrets = {PLANTED, *made_up, *(base64.b64encode(value.encode()).decode() for value in made_up)}
        open_text = json.dumps([item for item in each.objects if item["kind"] != "Secret"]) + each.notes
        assert [value for value in secrets if value in open_text] == [], name
        assert (PLANTED in json.dumps(made_up)) == ("plain" in name or "url" in name), name
        assert each.kinds("ConfigMap") == []


def test_the_key_is_the_same_for_the_hook_and_the_pods():
    made = render(USUAL)
    hook, own = (decoded(made.find("Secret", name)["data"]) for name in (chart.HOOK, FULL))
    assert hook == own
    assert re.fullmatch("[0-9a-f]{64}", own["SECRET_KEY"])
    assert own["SECRET_KEY"] != own["MATHESAR_SETUP_CODE"]
    assert own["SECRET_KEY"] != decoded(render(USUAL).find("Secret")["data"])["SECRET_KEY"]


def test_secrets_of_yours_leave_none_to_make():
    made = render(merged(USUAL, {"secrets": {"existingSecret": "keys"}}))
    assert made.kinds("Secret") == []
    assert "logs" in made.notes
    keys = {"SECRET_KEY": "k" * 50}
    environ = made.environ("Deployment", keys=keys, **{"pg-app": {"uri": "postgresql://"}})
    assert (environ["SECRET_KEY"], "MATHESAR_SETUP_CODE" in environ) == (keys["SECRET_KEY"], False)


@pytest.mark.parametrize("database", [chart.EXISTING, chart.DATABASES["cloudnativepg"]])
def test_the_route_of_the_page_without_helm_install_renders_the_same_each_time(database: Json):
    page = (chart.ROOT / "platforms/kubernetes/README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(secrets:\n.*?)```", page, re.DOTALL)
    values = merged(chart.BASE, database, yaml.safe_load(shown))
    first, second = render(values).objects, render(values).objects
    assert first == second
    # kubectl may change all of it later, but a job's template
    assert {"Secret", "Job"} & {item["kind"] for item in first} == set()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (USUAL, ("port-forward", "http://localhost:8000/setup", "MATHESAR_SETUP_CODE")),
        (merged(USUAL, chart.ROUTES["ingress"]), ("https://data.example.com/setup",)),
        (merged(USUAL, chart.ROUTES["gateway"]), ("https://data.example.com/setup",)),
        (merged(USUAL, chart.ROUTES["ingress"], {"url": "https://a.example"}), ("https://a.example/setup",)),
        (merged(chart.BASE, chart.DATABASES["trial"]), ("TRYING OUT",)),
        (merged(chart.BASE, chart.DATABASES["cloudnativepg"]), (f"{FULL}-db",)),
    ],
)
def test_the_notes_say_where_to_go(values: Json, said: tuple[str, ...]):
    notes = render(values).notes
    assert [words for words in said if words not in notes] == []
    assert ("port-forward" in notes) == ("https://" not in notes)


def _selected(wanted: Json, pods: dict[str, Json]) -> list[str]:
    return [name for name, labels in pods.items() if wanted.items() <= labels.items()]


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
