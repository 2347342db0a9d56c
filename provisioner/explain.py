"""What a code or a variable means, in full."""

from __future__ import annotations

import difflib
import textwrap

from .catalogue import RULES, Rule
from .other_variables import OTHER_BY_NAME
from .variables import VARIABLES, Variable, find


class Unknown(LookupError):
    """Neither a code, a kind nor a variable; `suggestions` are the nearest names, best first."""

    def __init__(self, name: str, suggestions: list[str]) -> None:
        self.suggestions = suggestions
        meant = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"There is no code or variable called {name!r}.{meant}")


class _Named(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"


def spell_out(template: str) -> str:
    """Return a message of the table with its fields as ``<field>``."""
    return template.format_map(_Named())


def explain(name: str, *, width: int = 80) -> str:
    """Return the explanation of a code (``MP101``), a kind (``scheme``) or a variable, wrapped at `width`.

    Raises Unknown.
    """
    wanted = name.strip()
    for row in RULES:
        if wanted.upper() == row.code or wanted.lower() == row.kind:
            return _rule(row, width)
    variable = find(wanted) or OTHER_BY_NAME.get(wanted.upper())
    if variable is not None:
        return _variable(variable, width)
    names = [key for row in RULES for key in (row.code, row.kind)]
    names += [key for row in (*VARIABLES, *OTHER_BY_NAME.values()) for key in (row.name, *row.aliases)]
    near = difflib.get_close_matches(wanted.upper(), [key.upper() for key in names], n=3, cutoff=0.6)
    raise Unknown(name, [key for match in near for key in names if key.upper() == match][:3])


def _rule(row: Rule, width: int) -> str:
    paragraphs = [
        ("", f"{row.code}  {row.kind}  ({row.severity})"),
        ("", ""),
        ("", spell_out(row.message)),
        ("", ""),
        ("Why             ", spell_out(row.meaning)),
        ("What to do      ", spell_out(row.fix)),
    ]
    paragraphs += [(f"  {name:<14}", spell_out(fix)) for name, fix in row.on.items()]
    return _page(paragraphs, width)


def _variable(variable: Variable, width: int) -> str:
    paragraphs = [
        ("", f"{variable.name}  ({variable.kind})"),
        ("", ""),
        ("", variable.what),
        ("", ""),
        ("Required     ", variable.required),
        ("Default      ", variable.default),
        ("Example      ", variable.example),
    ]
    if variable.read_by:
        paragraphs.append(("Read by      ", variable.read_by))
        return _page(paragraphs, width)
    if variable.aliases:
        paragraphs.append(("Also read    ", ", ".join(variable.aliases)))
    if variable.kind != "configuration":
        paragraphs.append(("From a file  ", f"{variable.name}_FILE names a file that holds the value"))
    if variable.key:
        paragraphs.append(("In the file  ", f"{variable.key}, of /etc/mathesar/mathesar.toml or what --config names"))
    return _page(paragraphs, width)


def _page(paragraphs: list[tuple[str, str]], width: int) -> str:
    lines: list[str] = []
    for label, words in paragraphs:
        lines += textwrap.wrap(
            words,
            max(width, 40),
            initial_indent=label,
            subsequent_indent=" " * len(label),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(lines) + "\n"
