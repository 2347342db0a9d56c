"""A ``docker-compose.yml``: the environment of Mathesar's service, with what its references come to."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence

from provisioner.findings import Finding, finding
from provisioner.secret import Secret
from provisioner.text import printable

from .compose_choice import Resolved, choose
from .compose_project import Open, Project
from .compose_text import EnvFile, Service, Setting
from .dotenv import read_dotenv
from .interpolation import Interpolation
from .outcome import Old, Read, Unused

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def read_compose(text: str, name: str, dotenv: Read, open_beside: Open, others: Sequence[str] = ()) -> Read:
    """Read the file called `name`, with the ``.env`` beside it and the files that its services name.

    `others` are files that go over it, in their order. Raises NotCompose. References come from `dotenv` alone, as
    Compose takes them from ``.env`` and the shell.
    """
    reader = _Reader(dotenv, open_beside)
    project = Project(open_beside, reader.values)
    folder = posixpath.dirname(name)  # the first file's folder is the project's
    project.add(text, name, folder)
    for other in others:
        project.add_file(other, folder)
    found = [reader.service(each) for each in project.services.values()]
    reader.findings += project.findings
    return choose(found or [Resolved(name, "")], dotenv, reader.findings, reader.used, reader.taken)


class _Reader:
    def __init__(self, dotenv: Read, open_beside: Open) -> None:
        self.open_beside = open_beside
        self.values = {each.name: each.text for each in dotenv.variables}
        self.findings: list[Finding] = list(dotenv.findings)
        self.used: dict[str, set[str]] = {key: set(names) for key, names in (dotenv.used or {}).items()}
        self.taken: dict[str, set[tuple[str, str]]] = {}  # of .env: which service took it, into which variable

    def service(self, service: Service) -> Resolved:
        """Return a service's variables: first its files', then its own, as Compose lets them win."""
        resolved = Resolved(service.name, service.image)
        for file in service.files:
            self._file(resolved, file)
        for setting in service.settings:
            self._own(resolved, setting)
        return resolved

    def _file(self, service: Resolved, file: EnvFile) -> None:
        text = self.open_beside(file.path)
        if text is None:
            if file.required:
                self.findings.append(finding("import-env-file", file.place))
            return
        read = read_dotenv(text, printable(file.path), compose=True, base=self.values)
        self.findings += [each for each in read.findings if each not in self.findings]
        service.unused += read.unused
        for old in read.variables:
            service.put(old)
        for key, names in (read.used or {}).items():
            self._take(service, key, *names)

    def _take(self, service: Resolved, name: str, *into: str) -> None:
        self.used.setdefault(name, set()).update(into)
        self.taken.setdefault(name, set()).update((service.name, each) for each in into)

    def _own(self, service: Resolved, setting: Setting) -> None:
        key, value = setting.key, setting.value
        if not VARIABLE_NAME.fullmatch(key):
            self.findings.append(finding("import-line", setting.place))
            return
        if value is None:  # passed through from the shell, or from .env
            if key not in self.values:
                self.findings.append(finding("import-unset", key, names=key))
                return
            value = f"${{{key}}}"
        interpolation = Interpolation(self.values, literal=False)
        written = value if isinstance(value, str) else self._plain(setting)
        old = Old(key, Secret(interpolation.text(written)), setting.place)
        for each in interpolation.used:
            self._take(service, each, key)
        if interpolation.missing:
            self.findings.append(interpolation.unset(key))
        if interpolation.unsure:
            why = "as it was written, with its references"
            service.unused.append(Unused(key, Secret(written), setting.place, why))
        service.put(old)

    def _plain(self, setting: Setting) -> str:
        """Return a value that is no string as it is written: a password may be 0042, which YAML takes for a number."""
        key, said = setting.key, json.dumps(setting.value)
        written = re.findall(rf"\b{re.escape(key)}\s*:\s+([+-.\w]+)\s*(?:#.*)?$", setting.text, re.MULTILINE)
        if isinstance(setting.value, int | float) and len(set(written)) == 1 and written[0] != said:
            self.findings.append(finding("import-number", key))
            return str(written[0])
        return said
