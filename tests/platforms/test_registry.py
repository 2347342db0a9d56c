"""Platforms are found through entry points, late and without reading anybody's facts."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from provisioner import plan
from provisioner.platform import GROUP, Contract, registered
from tests.platforms import environments


class Cirrus:
    """A third party's platform."""

    name = "cirrus"
    label = "Cirrus"

    def detect(self, environ):
        return environ.get("CIRRUS") == "1"

    def contract(self, environ):
        return Contract(name=self.name, label=self.label, hosts=("app.cirrus.example",), connection_limit=40)


@pytest.fixture
def cirrus(monkeypatch):
    point = EntryPoint("cirrus", f"{__name__}:Cirrus", GROUP)
    known = [*registered().values(), point]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: known if group == GROUP else [])
    registered.cache_clear()
    yield
    registered.cache_clear()


@pytest.mark.usefixtures("cirrus")
def test_another_package_adds_a_platform():
    environ = environments.render() | {"CIRRUS": "1"}
    del environ["RENDER"]
    result = plan(environ)
    assert (result.platform, result.platform_label) == ("cirrus", "Cirrus")
    assert (result.hosts, result.connection_limit) == (("app.cirrus.example",), 40)


def test_detection_reads_no_facts(monkeypatch):
    read = []
    from provisioner import facts

    real = facts.load_facts
    for name in environments.ALL:
        module = f"platforms.{name}.contract.load_facts"
        monkeypatch.setattr(module, lambda path: read.append(path) or real(path))
    plan(environments.railway())
    assert [path.rsplit("/", 2)[1] for path in read] == ["railway"]


def test_importing_the_package_costs_nothing():
    heavy = "{'click', 'psycopg', 'importlib.metadata', 'django', 'tomllib'}"
    code = f"import sys, provisioner; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
