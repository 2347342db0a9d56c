"""The chart as a release makes it, read by Helm's own code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.packages import chart
from tests.packages.chart import merged
from tests.packages.release import run, set_version

pytestmark = pytest.mark.prove
DIGEST = "sha256:" + "a1" * 32


@pytest.fixture
def archive(checkout: Path) -> Path:
    """Give the chart of a pre-release."""
    helm = chart.helm()
    assert helm is not None
    set_version(checkout, "1.2.3rc1")
    shutil.copytree(chart.CHART, checkout / "packaging/helm/mathesar")
    done = run(checkout, "sh", "packaging/release/chart.sh", f"ghcr.io/owner/shop@{DIGEST}")
    assert (done.returncode, done.stderr) == (0, "")
    return checkout / "dist/mathesar-1.2.3-rc.1.tgz"


def loaded(archive: Path) -> Any:
    return chart.helm().Chart.load(archive)


def test_helm_takes_the_chart_of_a_pre_release(archive: Path):
    report = chart.helm().lint(archive, chart.EXISTING, strict=True)
    assert (report["messages"], report["errors"], report["total_charts_linted"]) == ([], [], 1)
    released = loaded(archive)
    assert (released.version, released.metadata["appVersion"]) == ("1.2.3-rc.1", "1.2.3rc1")
    made = released.render(chart.EXISTING, name=chart.NAME, namespace=chart.NAMESPACE)
    (deployment,) = [text for path, text in made.items() if path.endswith("deployment.yaml")]
    assert f'image: "ghcr.io/owner/shop@{DIGEST}"' in deployment


def test_a_tag_beside_the_released_digest_is_not_ignored(archive: Path):
    released = loaded(archive)
    with pytest.raises(chart.helm().HelmError, match=r"image\.tag: image\.digest is set, too"):
        released.render(merged(chart.EXISTING, {"image": {"tag": "1.2.2"}}), name=chart.NAME, namespace=chart.NAMESPACE)
    own = merged(chart.EXISTING, {"image": {"tag": "1.2.2", "digest": ""}})
    made = released.render(own, name=chart.NAME, namespace=chart.NAMESPACE)
    (deployment,) = [text for path, text in made.items() if path.endswith("deployment.yaml")]
    assert 'image: "ghcr.io/owner/shop:1.2.2"' in deployment
