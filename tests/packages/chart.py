"""The chart, rendered by Helm's own code, which `make chart` installs."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "packaging" / "helm" / "mathesar"
NAME, NAMESPACE = "rel", "ns"
FULL = "rel-mathesar"
HOOK = f"0-{FULL}-release"  # its Job and its Secret

# Whoever finds one of these outside a Secret has found a leak.
PLANTED = "Pl4nted-s3cret-Zq7"
PLANTED_URL = f"postgresql://reader:{PLANTED}@db.example.com:5432/sales"

EXISTING: Json = {"database": {"type": "existing", "secretName": "pg-app"}}
DATABASES: dict[str, Json] = {
    "existing": EXISTING,
    "cloudnativepg": {"database": {"type": "cloudnativepg"}},
    "trial": {"database": {"type": "trial"}},
    "url": {"database": {"type": "url", "url": PLANTED_URL}},
}
ROUTES: dict[str, Json] = {
    "no route": {},
    "ingress": {"ingress": {"enabled": True, "hosts": ["data.example.com"], "className": "nginx", "tlsSecret": "tls"}},
    "gateway": {
        "gateway": {
            "enabled": True,
            "parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
            "hostnames": ["data.example.com", "sheets.example.com"],
        }
    },
}
SCALES: dict[str, Json] = {
    "two replicas": {},
    "autoscaled": {"autoscaling": {"enabled": True, "maxReplicas": 6}, "database": {"connectionLimit": 200}},
    "alone": {"replicas": 1, "disruptionBudget": {"enabled": False}, "preStopSeconds": 0},
}
USERS: dict[str, Json] = {
    "no databases": {},
    "Secrets": {
        "databases": {"sales": {"secretName": "sales-app"}, "staff": {"secretName": "staff", "secretKey": "url"}},
        "databasesSecret": {"name": "more"},
        "secretEnv": {"MATHESAR_ADMIN_PASSWORD": {"name": "admin", "key": "password"}},
    },
    "plain": {"databases": {"sales": {"url": PLANTED_URL}}, "env": {"WEB_CONCURRENCY": "1"}},
}
FENCES: dict[str, Json] = {
    "usual": {},
    "fenced": {
        "networkPolicy": {
            "fromNamespaces": ["ingress-nginx"],
            "egress": {"enabled": True, "databases": [{"cidr": "10.0.0.0/8"}, {"cidr": "fd00::/8", "port": 6432}]},
        },
        "image": {"digest": "sha256:" + "0123456789abcdef" * 4, "pullSecrets": ["registry"]},
        "podLabels": {"team": "data"},
        "podAnnotations": {"note": "yes"},
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "spot", "operator": "Exists"}],
        "affinity": {"podAntiAffinity": {}},
        "priorityClassName": "high",
        "serviceAccountName": "mathesar",
    },
}


@dataclass(frozen=True)
class Rendered:
    """What Helm made: every object (hooks too), and the notes."""

    objects: tuple[Json, ...]
    notes: str

    def kinds(self, kind: str) -> list[Json]:
        """Return the objects of one kind."""
        return [each for each in self.objects if each["kind"] == kind]

    def find(self, kind: str, name: str = FULL) -> Json:
        """Return the one object of this kind and name."""
        (found,) = [each for each in self.kinds(kind) if each["metadata"]["name"] == name]
        return found

    def pods(self) -> Iterator[tuple[str, Json]]:
        """Yield the name and the template of everything that makes pods."""
        for each in self.objects:
            if "template" in each.get("spec", {}):
                yield f"{each['kind']} {each['metadata']['name']}", each["spec"]["template"]

    def environ(self, kind: str, name: str = FULL, **foreign: Json) -> dict[str, str]:
        """Return the environment of a pod's container, its Secrets looked up here and in `foreign` (name: data)."""
        (container,) = self.find(kind, name)["spec"]["template"]["spec"]["containers"]
        secrets = {each["metadata"]["name"]: decoded(each["data"]) for each in self.kinds("Secret")} | foreign
        found = {}
        for entry in container["env"]:
            if "value" in entry:
                found[entry["name"]] = entry["value"]
            elif "resourceFieldRef" in entry["valueFrom"]:
                limit = container["resources"]["limits"]["memory"]
                found[entry["name"]] = limit.removesuffix("Mi")
            else:
                reference = entry["valueFrom"]["secretKeyRef"]
                value = secrets[reference["name"]].get(reference["key"])
                if value is not None or not reference.get("optional"):
                    found[entry["name"]] = str(value)
        return found


def decoded(data: Json) -> dict[str, str]:
    """Return a Secret's data in clear."""
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def merged(*parts: Json) -> Json:
    """Return values as Helm merges them: tables by key, all else replaced."""
    result: Json = {}
    for part in parts:
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(result.get(key), dict)
            result[key] = merged(result[key], value) if both else value
    return result


BASE: Json = {"image": {"repository": "registry.example.com/mathesar"}}
USUAL = merged(BASE, EXISTING)


@cache
def matrix() -> tuple[tuple[str, Json], ...]:
    """Return combinations of the tables above in which every two choices meet at least once: a name, and the values."""
    tables = (DATABASES, ROUTES, SCALES, USERS, FENCES)
    every = list(itertools.product(*tables))
    missing = {pair for names in every for pair in itertools.combinations(enumerate(names), 2)}
    chosen = []
    while missing:
        best = max(every, key=lambda names: len(missing & set(itertools.combinations(enumerate(names), 2))))
        missing -= set(itertools.combinations(enumerate(best), 2))
        parts = (table[name] for table, name in zip(tables, best, strict=True))
        chosen.append((", ".join(best), merged(BASE, *parts)))
    return tuple(chosen)


@cache
def helm() -> Any:
    """Return Helm's own code, or skip."""
    return pytest.importorskip("helm_python", reason="Helm's own code is not installed: `make chart` installs it")


@cache
def loaded() -> Any:
    """Return the chart, read once."""
    return helm().Chart.load(CHART)


def render(values: Json, *, name: str = NAME) -> Rendered:
    """Render with these values on top of the chart's own. Raises HelmError."""
    files = loaded().render(values, name=name, namespace=NAMESPACE)
    objects = [
        each for path, text in files.items() if path.endswith(".yaml") for each in yaml.safe_load_all(text) if each
    ]
    notes = "".join(text for path, text in files.items() if path.endswith("NOTES.txt"))
    return Rendered(tuple(objects), notes)
