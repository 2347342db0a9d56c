"""The install page of the Helm chart, which itself is written by hand: it takes values, where the spec is one app."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from provisioner.facts import load_facts
from provisioner.install_page import page
from provisioner.recipes import recipe, unfit
from provisioner.spec import AppSpec, Constant, FromDatabase, Generated, Image, Prompt, PublicHost, Variable

FOLDER = "platforms/kubernetes"
CHART = "packaging/helm/mathesar"


def files(spec: AppSpec) -> Mapping[str, str]:
    """Return the install page. Raises ValueError where the key that its commands make would not serve."""
    facts = load_facts(__file__)
    for variable in spec.variables:
        need = variable.origin
        if isinstance(need, Generated) and (reason := unfit(need, recipe(facts.table("secret_recipe")))):
            raise ValueError(f"the generator does not serve {variable.name}: {reason}")
    given = {
        "APP_PLATFORM": "the chart",
        "APP_URL": "`url`, else the first host",
        **{variable.name: _given(variable) for variable in spec.variables},
    }
    template = Path(__file__).with_name("install.md.j2")
    own = {"image": image_values(spec), "chart": CHART, "release": _fullname(spec.name)}
    return {f"{FOLDER}/README.md": page(template, spec, facts, label="Kubernetes", given=given, own=own)}


def image_values(spec: AppSpec) -> tuple[str, ...]:
    """Return ``name=value`` of each of the chart's values that say which image it runs; its digest where it has one."""
    if isinstance(spec.source, Image):
        named = spec.source.parts
        repository = "/".join(part for part in (named["registry"], named["repository"]) if part)
        return f"image.repository={repository}", f"image.digest={named['digest']}"
    return (f"image.repository=registry.example.com/{spec.name}",)


def _fullname(release: str) -> str:
    """Return what the chart calls the objects of a release."""
    return release if "mathesar" in release else f"{release}-mathesar"


def _given(variable: Variable) -> str:
    match variable.origin:
        case Generated():
            return "made once by the chart and kept, or `secrets.existingSecret`"
        case FromDatabase():
            return "`database`"
        case PublicHost():
            return "the hosts of `ingress` and `gateway`, and `extraHosts`"
        case Prompt():
            return "`databasesSecret`, optional"
        case Constant():
            return "the chart"
