"""Files of NAME=value lines."""

from __future__ import annotations

import pytest

from provisioner.env_file import EnvFileError, read_env_file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB=2", {"A": ("1", 1), "B": ("2", 2)}),
        ("\ufeff# note\n\nexport A = 1 \r\n", {"A": ("1", 3)}),
        ("A='a # b'\nB=\"x\\ny\" # note", {"A": ("a # b", 1), "B": ("x\ny", 2)}),
        ("A=pa#ss # note", {"A": ("pa#ss", 1)}),
        ("A=1\nA=2", {"A": ("2", 2)}),
        ("A=", {"A": ("", 1)}),
        ("A=${B}\nB=x=y", {"A": ("${B}", 1), "B": ("x=y", 2)}),
    ],
)
def test_lines(text, expected):
    assert read_env_file(text) == expected


def test_a_line_that_is_none():
    with pytest.raises(EnvFileError, match="line 2") as refused:
        read_env_file("A=1\nhunter2secret")
    assert "hunter2" not in str(refused.value)
