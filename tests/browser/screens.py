"""The widths and colour schemes that pages are shown in: two in every run, the other two among the slow proofs."""

from __future__ import annotations

import pytest

SCREENS = [
    pytest.param((1280, "light"), id="1280-light"),
    pytest.param((390, "dark"), id="390-dark"),
    pytest.param((1280, "dark"), id="1280-dark", marks=pytest.mark.prove),
    pytest.param((390, "light"), id="390-light", marks=pytest.mark.prove),
]
