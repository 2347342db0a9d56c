"""Who may import whom: mathesar and platforms import provisioner; provisioner imports none of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "provisioner": {"django", "mathesar", "platforms", "gunicorn"},
    "platforms": {"django", "mathesar"},
    "mathesar": {"platforms"},
}


def imported(file: Path) -> set[str]:
    """Return the top-level packages that a file imports, at the top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", FORBIDDEN)
def test_package_imports_nothing_forbidden(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    wrong = {str(file.relative_to(ROOT)): imported(file) & FORBIDDEN[package] for file in files}
    assert {name: names for name, names in wrong.items() if names} == {}


def test_one_platform_does_not_import_another():
    for file in (ROOT / "platforms").glob("*/*.py"):
        modules = [
            node.module or ""
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
        ]
        assert not [module for module in modules if module.startswith("platforms")], file
