"""Every case of the shared corpus behaves as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisioner import DatabaseUrl, Finding, InvalidEnvironment, parse_database_url, parse_databases, plan

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "environment.json"
CASES: list[dict[str, Any]] = json.loads(CORPUS.read_text(encoding="utf-8"))["cases"] if CORPUS.exists() else []
BASE = {
    "RENDER": "true",
    "RENDER_EXTERNAL_HOSTNAME": "app.onrender.com",
    "DATABASE_URL": "postgresql://app:s3cretPW@dpg-abc123-a/mathesar",
    "SECRET_KEY": "kD8v1x0bY2n3Q4r5T6y7U8i9O0pAaSsDdFfGgHhJjKkLlZzXxCcVvBb",
}

pytestmark = pytest.mark.skipif(not CASES, reason="the shared corpus is not beside this checkout")


def kinds(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(found.kind for found in findings)


def wanted(codes: list[str]) -> list[str]:
    return sorted(code[2:].lower().replace("_", "-") for code in codes)


def of(*variables: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["var"] in variables]


def check_url(url: DatabaseUrl, expected: dict[str, Any]) -> None:
    parts = {name: getattr(url, name) for name in ("host", "port", "user", "dbname")}
    assert {**parts, "password": url.password.get_secret_value()} == expected["parts"]
    if "params" in expected:
        assert dict(url.params) == expected["params"]


@pytest.mark.parametrize("case", of("DATABASE_URL", "MATHESAR_DATABASES"))
def test_databases(case: dict[str, Any]) -> None:
    expected = case["expected"]
    if case["var"] == "DATABASE_URL":

        def read() -> Any:
            return parse_database_url(case["input"], profile=case["profile"])
    else:

        def read() -> Any:
            return parse_databases(case["input"], profile=case["profile"])

    if expected["action"] == "reject":
        with pytest.raises(InvalidEnvironment) as caught:
            read()
        assert kinds(caught.value.findings) == wanted([expected["error"]])
        return
    found = read()
    if expected["action"] == "unset":
        assert not found
    elif isinstance(found, DatabaseUrl):
        check_url(found, expected)
        assert kinds(found.warnings) == wanted(expected["warnings"])
    else:
        assert [entry.name for entry in found] == [entry["name"] for entry in expected["entries"]]
        for entry, part in zip(found, expected["entries"], strict=True):
            check_url(entry.url, part)
        assert kinds(tuple(w for entry in found for w in entry.url.warnings)) == wanted(expected["warnings"])


@pytest.mark.parametrize(
    "case", of("PORT", "WEB_CONCURRENCY", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "CSRF_TRUSTED_ORIGINS")
)
def test_other_variables(case: dict[str, Any]) -> None:
    name, expected = case["var"], case["expected"]
    environ = {**BASE, name: case["input"]}
    if expected["action"] == "reject":
        with pytest.raises(InvalidEnvironment) as caught:
            plan(environ)
        assert {(found.kind, found.variable) for found in caught.value.findings} == {
            (kind, name) for kind in wanted([expected["error"]])
        }
        return
    made = plan(environ)
    about = tuple(found for found in made.findings if found.variable == name)
    assert kinds(about) == wanted(expected.get("warnings", []))
    if expected["action"] == "accept":
        values = {
            "PORT": made.port,
            "WEB_CONCURRENCY": made.workers,
            "DEBUG": made.debug,
            "SECRET_KEY": made.secret_key and made.secret_key.get_secret_value(),
        }
        lists = {"ALLOWED_HOSTS": made.hosts, "CSRF_TRUSTED_ORIGINS": made.origins}
        if name in values:
            assert values[name] == expected["value"]
        else:
            assert set(expected["value"]) <= set(lists[name])


def test_the_whole_corpus_is_read() -> None:
    covered = of("DATABASE_URL", "MATHESAR_DATABASES") + of(
        "PORT", "WEB_CONCURRENCY", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "CSRF_TRUSTED_ORIGINS"
    )
    assert len(covered) == len(CASES)
