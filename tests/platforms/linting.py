"""What the tests of every platform's linter need: findings by field, real files, damaged ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from provisioner.lint.engine import lint_text

SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)


def kinds_in(text: str, name: str, platform: str | None = None) -> dict[str, str]:
    """Lint a text under this name; return the kind of finding of each field."""
    return {item.finding.variable: item.finding.kind for item in lint_text(name, text, platform).marks}


def on_real(files: Sequence[Path]) -> Callable[[Any], Any]:
    """Run a test for each of these files, which are no part of the project, and skip it where there are none."""
    absent = pytest.mark.skipif(not files, reason="the real manifests are not here: they are no part of the project")
    each = pytest.mark.parametrize("file", files, ids=lambda file: file.name)
    return lambda test: absent(each(test))


def junk(keys: Iterable[str] | st.SearchStrategy[str], scalars: st.SearchStrategy[Any] = SCALARS) -> Any:
    """Return a strategy for whatever a parser may hand on, with these keys in its tables."""
    names = keys if isinstance(keys, st.SearchStrategy) else st.sampled_from(list(keys))
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
    )


def damage(draw: Any, data: Any, rubbish: st.SearchStrategy[Any]) -> Any:
    """Return a copy of the data with one of its parts, however deep, replaced by rubbish."""
    damaged = copy.deepcopy(data)
    target: Any = damaged
    while isinstance(target, dict | list) and target:
        key = draw.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        if not isinstance(target[key], dict | list) or draw.draw(st.booleans()):
            target[key] = draw.draw(rubbish)
            break
        target = target[key]
    return damaged
