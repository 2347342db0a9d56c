"""Cleaning one value of an environment, and telling what cannot be a value."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MAX_LENGTH = 32 * 1024  # characters of one variable
_BLANK = " \t\r\n\f\v\u00a0\ufeff"
_REFERENCE = re.compile(
    r"\$\{\{.*?\}\}"  # Railway: ${{Postgres.DATABASE_URL}}
    r"|\$\{[A-Za-z_][\w.-]*\}"  # DigitalOcean and the shell: ${db.DATABASE_URL}
    r"|^\$[A-Za-z_]\w*$"  # the shell: $DATABASE_URL
    r"|^\$\([A-Za-z_]\w*\)$|^\$\{[^{}]*\}$|^%[A-Za-z_]\w*%$"  # Kubernetes $(NAME); shell ${NAME:-x}; cmd %NAME%
    r"|^\{\{.*\}\}$|^EV\[1:.*\]$"  # templates; DigitalOcean's encrypted values outside App Platform
)
_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\*{3,}|•{3,}|x{3,}|\.{3,}|(?:please[-_ ]?)?change[-_ ]?(?:me|this|it)[!.]*|replace[-_ ]?(?:me|this)"
    r"|required|todo|tbd|placeholder|(?:your|my)[-_ ](?:[a-z]+[-_ ]){0,3}(?:here|key|secret|password|url|value)"
    r"|(?:insert|enter|put|paste)[-_ ].*here",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"://|:[^\s@]*@|\bpass(?:word|wd)?\s*=", re.IGNORECASE)


class Cleaned(NamedTuple):
    """A value without its wrapping: the text, the kinds of warning, and the kind of a fatal problem or ''."""

    text: str
    warnings: tuple[str, ...]
    problem: str


def clean(value: str | None) -> Cleaned | None:
    """Strip outer white space, a byte order mark and one pair of quotes; None when nothing is left."""
    if value is None:
        return None
    text = value.strip(_BLANK)
    if not text:
        return None
    warnings: tuple[str, ...] = ()
    if text != value:
        warnings = ("trimmed",)
    if text[0] in "\"'" and len(text) > 1 and text[-1] == text[0]:
        text = text[1:-1].strip(_BLANK)
        warnings += ("quoted",)
        if not text:
            return None
    problem = ""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        problem = "encoding"  # how Python shows bytes of the environment that are not UTF-8
    elif ("$" in text or text[0] in "{E%") and _REFERENCE.search(text):
        problem = "unresolved-reference"
    elif is_placeholder(text):
        problem = "placeholder"
    return Cleaned(text, warnings, problem)


def is_placeholder(text: str) -> bool:
    """Tell whether a whole value, or a whole part of a URL, is an example text."""
    return len(text) < 60 and _PLACEHOLDER.fullmatch(text) is not None


def may_hold_password(text: str) -> bool:
    """Tell whether a text that should be something else looks like a URL, or like what libpq connects with."""
    return _PASSWORD.search(text) is not None


def has_control(text: str) -> bool:
    """Tell whether any character is a control, a format (invisible, bidirectional) or a lone surrogate."""
    if text.isascii() and text.isprintable():
        return False
    return any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text)


def has_space(text: str) -> bool:
    """Tell whether any character is white space."""
    return any(character.isspace() for character in text)


def printable(name: str) -> str:
    """Return a name out of a file, or of one, without what would end a line or steer a terminal."""
    return "".join(each if each.isprintable() else "?" for each in name)
