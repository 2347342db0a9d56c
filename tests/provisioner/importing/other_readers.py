"""How others read a file of NAME=value lines: Docker Compose and systemd by their rules, sh itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_COMPOSE_ESCAPE = re.compile(r'\\([abcfnrtv$"\\]|0\d{0,3})')
_COMPOSE_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def compose(text: str) -> dict[str, str]:
    """Read it as compose-go 2.13's dotenv does; a reference, or a quote that is not closed, is an error."""
    found: dict[str, str] = {}
    rest = text.replace("\r\n", "\n")
    while rest := rest.lstrip():
        if rest.startswith("#"):
            rest = rest.partition("\n")[2]
            continue
        name, _, rest = rest.partition("=")
        assert re.fullmatch(r"[\w.-]+", name), "a line that Compose does not take"
        rest = rest.lstrip("\t\v\f\r \x85\xa0")
        if rest[:1] in ("'", '"'):
            inside, rest = _compose_quoted(rest)
            found[name] = inside
        else:
            value, _, rest = rest.partition("\n")
            found[name] = _substituted(value.partition(" #")[0].rstrip())
    return found


def _compose_quoted(text: str) -> tuple[str, str]:
    quote, kept, index = text[0], "", 1
    while text[index] != quote:  # an IndexError: it is not closed
        if text[index] == "\\":
            kept += text[index + 1] if text[index + 1] == quote else text[index : index + 2]
            index += 1
        else:
            kept += text[index]
        index += 1
    rest = text[index + 1 :]
    if quote == "'":
        return kept, rest
    return _substituted(_COMPOSE_ESCAPE.sub(_compose_escaped, kept)), rest


def _compose_escaped(found: re.Match[str]) -> str:
    sign = found[1]
    if sign == "$":
        return "$$"
    if sign.startswith("0"):
        return chr(int(sign[1:] or "0", 8))
    return _COMPOSE_LETTERS.get(sign, sign)


def _substituted(text: str) -> str:
    assert "$" not in text.replace("$$", ""), "a reference that Compose would replace"
    return text.replace("$$", "$")


def systemd(text: str) -> dict[str, str]:
    """Read it as systemd's EnvironmentFile= does: systemd.exec(5), "shell-style quoting without interpolation"."""
    found: dict[str, str] = {}
    index = 0
    while index < len(text):
        if text[index] in "#;":
            index = _line_end(text, index) + 1
            continue
        if text[index].isspace():
            index += 1
            continue
        equals = text.index("=", index)
        name, (value, index) = text[index:equals], _systemd_value(text, equals + 1)
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            found[name] = value
    return found


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return end if end >= 0 else len(text)


def _systemd_value(text: str, index: int) -> tuple[str, int]:
    value = ""
    while index < len(text) and text[index] in " \t":
        index += 1
    if text[index : index + 1] == "'":
        end = text.index("'", index + 1)
        value, index = text[index + 1 : end], end + 1
    elif text[index : index + 1] == '"':
        index += 1
        while text[index] != '"':
            if text[index] == "\\":
                index += 1
                value += text[index] if text[index] in '"\\`$' else "" if text[index] == "\n" else f"\\{text[index]}"
            else:
                value += text[index]
            index += 1
        index += 1
    else:
        end = _line_end(text, index)
        return re.sub(r"\\(.)", r"\1", text[index:end]).rstrip(), end + 1
    end = _line_end(text, index)
    assert not text[index:end].strip(), "more after the closing quote"
    return value, end + 1


def sh(text: str, folder: Path) -> dict[str, str]:
    """Read it with this machine's sh, and return what a command that it starts would get."""
    file = folder / "sourced.env"
    file.write_text(text, encoding="utf-8", newline="\n")
    done = subprocess.run(
        ["sh", "-c", "set -a; . ./sourced.env; exec env -0"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    pairs = (each.partition("=") for each in done.stdout.decode("utf-8").split("\0") if each)
    return {name: value for name, _, value in pairs if name not in ("PATH", "PWD", "OLDPWD", "SHLVL", "_")}
