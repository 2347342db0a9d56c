"""What ``provisioner`` exports, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest

import provisioner

PROMISED = {
    "plan", "parse_database_url", "parse_databases", "InvalidEnvironment", "Finding", "Plan", "DatabaseUrl",
    "DatabaseEntry", "Secret",
}  # fmt: skip


def test_all_is_sorted_and_complete() -> None:
    assert provisioner.__all__ == sorted(provisioner.__all__)
    assert set(provisioner.__all__) >= PROMISED
    assert dir(provisioner) == provisioner.__all__


@pytest.mark.parametrize("name", provisioner.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(provisioner, name).__name__ == name


def test_plan_is_always_the_function() -> None:
    import provisioner.planning

    assert isinstance(provisioner.plan, types.FunctionType)


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = provisioner.nonsense


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, provisioner; provisioner.parse_database_url('postgresql://a:b@h/d');"
        "sys.exit(bool({'psycopg', 'django', 'cryptography', 'mathesar'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
