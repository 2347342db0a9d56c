"""Each form of the shared corpus in an old file: it is taken, or refused, as the plan takes it by itself."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.importing import quoting
from provisioner.planning import examine
from provisioner.text import clean
from tests.provisioner.importing import importing
from tests.provisioner.test_corpus import BASE, CASES

TODAY = {"DATABASE_URL": "MATHESAR_INTERNAL_DATABASE_URL", "MATHESAR_DATABASES": "MATHESAR_DATABASES"}
OLD = {"DATABASE_URL": "DJANGO_DATABASE_URL", "MATHESAR_DATABASES": "MATHESAR_DATABASES"}

pytestmark = pytest.mark.skipif(not CASES, reason="the shared corpus is not beside this checkout")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if case["var"] in TODAY])
def test_the_outcome_is_the_plans(case: dict[str, Any]) -> None:
    value, name = case["input"], TODAY[case["var"]]
    target = "render" if case["profile"] == "paas" else None
    key = BASE["SECRET_KEY"]
    text = f"SECRET_KEY={key}\n{OLD[case['var']]}={quoting.quoted(value)}\n"
    imported = importing.convert_text(text, target)
    if clean(value) is None or any(each.kind in ("import-unwritable", "import-line") for each in imported.findings):
        assert name not in importing.values(imported)
        return
    assert importing.values(imported)[name] == value
    other = {"MATHESAR_INCLUDE_DEFAULT_DATABASE": "false"} if name != "MATHESAR_DATABASES" else {}
    direct = examine({"SECRET_KEY": key, name: value, **other}, platform=target)
    found = [each for each in direct.findings if each.variable == name]
    assert [each for each in imported.examination.findings if each.variable == name] == found
    if direct.plan and imported.examination.plan:
        assert imported.examination.plan.internal == direct.plan.internal
        assert imported.examination.plan.entries == direct.plan.entries
