"""Files of NAME=value lines."""

from __future__ import annotations

import pytest

from provisioner.env_file import EnvFileError, assignments, read_env_file


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
        ("A=#kD8v\nB= # note\nC= #\nD=#", {"A": ("#kD8v", 1), "B": ("", 2), "C": ("", 3), "D": ("#", 4)}),
        ("A='Let\\'s go' # it's\nB='a\\b'", {"A": ("Let's go", 1), "B": ("a\\b", 2)}),
        ("A='C:\\dir\\'\nB=1", {"A": ("C:\\dir\\", 1), "B": ("1", 2)}),
        ('A=\'x\\\n\ny\' # end\nB="1\\"\n2"\nC=3', {"A": ("x\\\n\ny", 1), "B": ('1"\n2', 4), "C": ("3", 6)}),
        ("A='never closed\nB=2", {"A": ("'never closed", 1), "B": ("2", 2)}),
        ('A="pa\\$$x"', {"A": ("pa$$x", 1)}),
    ],
)
def test_lines(text, expected):
    assert read_env_file(text) == expected


@pytest.mark.parametrize("line", ["A: 1", "A=1\x0c2", "A='1\u20282'"])
def test_what_only_some_readers_take_is_refused(line):
    with pytest.raises(EnvFileError, match="line 2"):
        read_env_file(f"B=1\n{line}")


def test_a_value_is_not_in_what_is_shown():
    [assignment] = assignments("A=hunter2secret")
    assert "hunter2" not in repr(assignment)


def test_a_line_that_is_none():
    with pytest.raises(EnvFileError, match="line 2") as refused:
        read_env_file("A=1\nhunter2secret")
    assert "hunter2" not in str(refused.value)
