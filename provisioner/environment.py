"""Reading one environment: what is set, what only looks set, and everything that is odd about it."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from provisioner.findings import Finding, finding
from provisioner.text import MAX_LENGTH, Cleaned, clean, has_control

_TRUE = frozenset({"1", "true", "yes", "on", "t", "y"})
_FALSE = frozenset({"0", "false", "no", "off", "f", "n"})


def read_secret_file(path: str) -> str:
    """Read the file that a NAME_FILE variable names; OSError or UnicodeError where it cannot be read.

    Only an ordinary file: reading a pipe or a device could wait for ever.
    """
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    with Path(path).open(encoding="utf-8") as file:
        return file.read(MAX_LENGTH + 2)


class Environment:
    """A mapping of names to values, read once; ``findings`` grows as it is read.

    Every variable may also be given as NAME_FILE, the path of a file that holds the value.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        platform: str | None = None,
        read_file: Callable[[str], str] = read_secret_file,
    ) -> None:
        self.environ = environ
        self.platform = platform
        self.findings: list[Finding] = []
        self._read_file = read_file
        self._reported: set[str] = set()

    def names(self) -> Iterable[str]:
        """The names that are set, in order."""
        return sorted(self.environ)

    def text(self, name: str, *, aliases: Sequence[str] = (), parsed: bool = False) -> str | None:
        """Return the value without its wrapping; None where it is unset, blank or unusable.

        `parsed` leaves the characters inside to a parser that says more about them.
        """
        found: dict[str, str] = {}
        for candidate in (name, *aliases):
            for source in (candidate, f"{candidate}_FILE"):
                value = self._value(source)
                if value is not None:
                    found[source] = value
        if not found:
            return None
        cleaned = {source: clean(value) for source, value in found.items()}
        (first, chosen), *others = cleaned.items()
        for other, cleaned_other in others:
            if chosen and cleaned_other and cleaned_other.text != chosen.text:
                self.add("file-conflict", first, other=other)
        return self._judge(first, chosen, parsed)

    def _value(self, source: str) -> str | None:
        value = self.environ.get(source)
        if value is None or clean(value) is None:
            return None
        if not source.endswith("_FILE"):
            return value
        try:
            content = self._read_file(value.strip())
        except UnicodeError:
            self.add("file-unreadable", source, reason="it is not UTF-8 text")
        except (OSError, ValueError) as error:
            self.add("file-unreadable", source, reason=getattr(error, "strerror", None) or "it is not a path")
        else:
            return content.rstrip("\r\n") if clean(content) else None
        return None

    def _judge(self, name: str, cleaned: Cleaned | None, parsed: bool) -> str | None:
        if cleaned is None:
            return None
        for kind in cleaned.warnings:
            self.add(kind, name)
        problem = cleaned.problem
        if not problem and len(cleaned.text) > MAX_LENGTH:
            self.add("too-long", name, limit="32 KiB")
            return None
        if not problem and not parsed and has_control(cleaned.text):
            problem = "control-char"
        if problem:
            self.add(problem, name)
            return None
        return cleaned.text

    def integer(self, name: str, *, minimum: int, maximum: int) -> int | None:
        """Return a whole number in the range; None where it is unset or not one (then a finding says why)."""
        text = self.text(name)
        if text is None:
            return None
        digits = text.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            self.add("int", name)
            return None
        number = int(text)
        if not minimum <= number <= maximum:
            self.add("range", name, expected=f"from {minimum} to {maximum}")
            return None
        return number

    def boolean(self, name: str) -> bool | None:
        """Return true or false; None where it is unset or neither (then a finding says so)."""
        text = self.text(name)
        if text is None:
            return None
        word = text.lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        self.add("bool", name)
        return None

    def is_set(self, name: str) -> bool:
        """Tell whether NAME or NAME_FILE is there with anything in it."""
        return any(clean(self.environ.get(source)) is not None for source in (name, f"{name}_FILE"))

    def near_misses(self, known: Collection[str], missing: Collection[str]) -> dict[str, str]:
        """Names that are set and nobody reads, with the missing variable that each nearly spells."""
        found: dict[str, str] = {}
        for name in self.names():
            base = name.removesuffix("_FILE")
            if base in known or name in known or not self.is_set(name):
                continue
            spelling = base.upper().replace("-", "_").replace(" ", "_").strip("_")
            for meant in sorted(missing):
                allowed = 0 if len(meant) < 6 else 1 if len(meant) < 9 else 2
                if abs(len(meant) - len(spelling)) <= allowed and distance(spelling, meant) <= allowed:
                    found[name] = meant
                    break
        return found

    def add(self, kind: str, variable: str, **details: str) -> None:
        """Collect a finding, once for each kind and variable."""
        key = f"{kind} {variable}"
        if key not in self._reported:
            self._reported.add(key)
            self.findings.append(finding(kind, variable, platform=self.platform, **details))


def distance(one: str, other: str) -> int:
    """Count the insertions, deletions, changes and swaps of neighbours between two names."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, previous, row = row, before, [i]
        for j, other_letter in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
