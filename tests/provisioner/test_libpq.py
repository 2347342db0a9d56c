"""The second reading: the bundled libpq and psycopg give the same answer."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner import libpq

VALUES = [
    "postgresql://app:pw@h:5432/d?sslmode=require",
    "postgres://a:b@h1,h2:5433/d",
    "postgresql://a:b@[::1]/d",
    "postgresql://a:p%40@h/d?ssl=true",
    "postgresql://a:p%zz@h/d",
    "postgresql://a:p%00@h/d",
    "postgresql://a:p%FF@h/d",
    "postgresql://[::1/d",
    "postgresql://h/d?nonsense=1",
    "postgresql:///",
    "host=h dbname='d d'",
    "",
    "postgresql://\u00e9:\U0001f511@h/d",
]


@pytest.mark.parametrize("value", VALUES)
def test_both_readers_agree(value: str) -> None:
    assert libpq.read(value) == libpq.read_with_psycopg(value)


@given(st.text("ab:@/?#[]%&=,.+ 12\u00e9", max_size=30))
def test_both_readers_agree_on_anything(tail: str) -> None:
    value = "postgresql://" + tail
    assert libpq.read(value) == libpq.read_with_psycopg(value)


def test_it_does_not_import_psycopg() -> None:
    code = "import sys, provisioner.libpq as l; l.read('postgresql://a:b@h/d'); sys.exit('psycopg' in sys.modules)"
    if libpq.bundled_libpq() is None:
        pytest.skip("psycopg's binary wheel is not installed")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
