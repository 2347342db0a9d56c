"""The conversion under way: every old variable is settled once, and every new one knows where it came from."""

from __future__ import annotations

import unicodedata

from provisioner.findings import Finding, finding
from provisioner.platform import Contract
from provisioner.secret import Secret
from provisioner.text import clean
from provisioner.variables import VARIABLES, find

from .old_names import OLD_NAMES, PASSWORD
from .outcome import Fate, New, Outcome, Read, Unused

_EMPTY = ("{}", "[]", "null")  # what the old Compose file sets where nobody does, for dictionaries
_ORDER = {variable.name: position for position, variable in enumerate(VARIABLES)}


class Conversion:
    """The old variables, what became of them, and the new ones. `contract` is None for a machine of one's own."""

    def __init__(self, read: Read, contract: Contract | None) -> None:
        self.contract = contract
        self.old = {each.name: each for each in read.variables}
        self.used = read.used or {}
        self.findings: list[Finding] = list(read.findings)
        self.outcomes: dict[str, Outcome] = {}
        self.new: dict[str, New] = {}
        self.left: list[Unused] = []
        for name, each in self.old.items():
            if not writable(each.text):
                self.add("import-unwritable", name)
                self.settle(name, "dropped", why="no .env file can hold its value")
            elif _blank(name, each.text):
                self.settle(name, "dropped", why="it is blank, as if it were unset")

        for unused in read.unused:
            if writable(unused.text):
                self.left.append(unused)
            else:
                self.add("import-unwritable", unused.name)

    def open(self, *names: str) -> list[str]:
        """Return those of these old variables that are there and not settled yet."""
        return [name for name in names if name in self.old and name not in self.outcomes]

    def unwritable(self, name: str) -> bool:
        """Tell whether this old variable was left out because no file can hold its value."""
        return name in self.old and not writable(self.old[name].text)

    def text(self, name: str) -> str | None:
        """Return the old value as it stands; None where there is none or it is settled already."""
        return self.old[name].text if self.open(name) else None

    def add(self, kind: str, variable: str, **details: str) -> None:
        """Collect a finding, in the target's words."""
        platform = self.contract.name if self.contract else None
        made = finding(kind, variable, platform=platform, **details)
        if made not in self.findings:
            self.findings.append(made)

    def settle(self, name: str, fate: Fate, *to: str, why: str = "") -> None:
        """Say what became of an old variable."""
        self.outcomes[name] = Outcome(name, self.old[name].place, fate, to, why)

    def put(self, name: str, value: str, *sources: str) -> None:
        """Set one of today's variables."""
        self.new[name] = New(name, Secret(value), sources)

    def keep(self, name: str) -> None:
        """Take it over as it is."""
        self.put(name, self.old[name].text, name)
        self.settle(name, "kept", name)

    def rename(self, name: str, to: str) -> None:
        """Take its value over under another name, unless that is set already."""
        given = self.new.get(to) or (self.old[to] if self.open(to) else None)
        if given is None:
            self.put(to, self.old[name].text, name)
            self.settle(name, "renamed", to)
        elif given.value == self.old[name].value:
            self.settle(name, "merged", to, why="it says the same")
        else:
            self.differs(name, to)

    def differs(self, name: str, other: str) -> None:
        """Leave it out because `other` says something else about the same thing."""
        self.add("import-differs", name, other=other)
        self.drop(name, why=f"{other} says something else, and counts")

    def drop(self, name: str, *, why: str) -> None:
        """Leave it out; its value is kept among `left`."""
        old = self.old[name]
        self.left.append(Unused(name, old.value, old.place, why))
        self.settle(name, "dropped", why=why)

    def rest(self) -> None:
        """Settle whatever no rule has settled: today's own variables are kept, the others are carried over."""
        for name in self.open(*self.old):
            if find(name) is not None and name == name.upper():
                self.keep(name)
            elif holders := self._holders(name):
                self.settle(name, "merged", *holders, why="their values take it in")
            else:
                self.put(name, self.old[name].text, name)
                self.add("import-unknown", name)
                self.settle(name, "carried", name, why="nothing here reads it")

    def _holders(self, name: str) -> list[str]:
        """Return the old variables that took this one in and hold it to this day."""
        text = self.old[name].text
        holders = [each for each in self.used.get(name, ()) if each in self.old and not self.unwritable(each)]
        return [each for each in holders if text in self.old[each].text]

    def variables(self) -> tuple[New, ...]:
        """Return the new variables, in the order of the table of variables."""

        def order(each: New) -> tuple[int, str]:
            row = find(each.name)
            return (_ORDER[row.name] if row else len(_ORDER), each.name)

        return tuple(sorted(self.new.values(), key=order))


def _blank(name: str, text: str) -> bool:
    if name == PASSWORD:
        return not text  # a password may be blanks or quotes
    gone = name in OLD_NAMES and OLD_NAMES[name].kind == "gone"
    return clean(text) is None or (gone and text.strip() in _EMPTY)


def writable(text: str) -> bool:
    """Tell whether a line of a .env file can hold the text, with line breaks and tabs as escapes."""
    return all(
        each in "\n\r\t" or unicodedata.category(each) not in {"Cc", "Cs", "Zl", "Zp"}
        for each in text
        if not (each.isascii() and each.isprintable())
    )
