"""One table of variables, complete and consistent."""

from __future__ import annotations

import pytest

from provisioner import plan
from provisioner.variables import VARIABLES, find, known_names


def test_every_row_says_what_it_is():
    for variable in VARIABLES:
        assert variable.what.endswith("."), variable.name
        assert variable.example, variable.name
        assert variable.default, variable.name


def test_names_are_unique():
    names = [name for variable in VARIABLES for name in (variable.name, *variable.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("database_url", "DATABASE_URL"),
        ("SECRET_KEY_FILE", "SECRET_KEY"),
        ("MATHESAR_ALLOWED_HOSTS", "ALLOWED_HOSTS"),
        ("MATHESAR_DATABASE_SALES_URL", "MATHESAR_DATABASE_<NAME>_URL"),
    ],
)
def test_find(name, row):
    assert find(name).name == row


def test_find_nothing():
    assert find("HOME") is None


def test_every_fixed_variable_is_read():
    """A mapping that records what is asked for: nothing is documented that nobody reads."""

    class Recorder(dict):
        asked: set[str] = set()  # noqa: RUF012 - one recorder, one set

        def get(self, key, default=None):
            self.asked.add(key)
            return super().get(key, default)

    recorder = Recorder()
    plan(recorder)
    assert known_names() <= recorder.asked | {"CSRF_TRUSTED_ORIGINS"}
