"""One app on one platform for as long as a rehearsal lasts: database, secrets and edge stay, releases come and go."""

from __future__ import annotations

import contextlib
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from provisioner.recipes import Recipe

from . import copying, naming
from .address import own_address
from .certificate import Certificate, self_signed
from .container import Image
from .edge import Edge
from .gate import Gate
from .keeper import Keeper
from .release import Release
from .server import Role, Server
from .timeline import Timeline
from .wanted import Asked, Given, Habits, MadeUp, OfApp, OfDatabase, Wanted

MOST_NAMED = 5
DOMAIN = "data.example.com"  # RFC 2606; the edge has its certificate from the start


class Session(contextlib.ExitStack):
    """Everything of one rehearsal; leaving the block ends all of it.

    `answers` are what a person typed at the click, by variable; `changed` what was set on the platform since;
    `source` is the folder of somebody's app, None for Mathesar: the installed package, or an image.
    """

    def __init__(
        self,
        wanted: Wanted,
        habits: Habits,
        keeper: Keeper,
        timeline: Timeline,
        answers: Mapping[str, str] | None = None,
        source: Path | None = None,
        image: Image | None = None,
    ) -> None:
        super().__init__()
        self.source, self.image = source, image
        self.wanted, self.habits, self.keeper, self.timeline = wanted, habits, keeper, timeline
        self.answers = dict(answers or {})
        self.changed: dict[str, str | None] = {}
        self.host = habits.host.format(name=wanted.name)
        # Without names of its own, the private network has addresses only.
        self.database_host = habits.database_host if naming.possible() else own_address()
        self.server = Server(keeper, habits.connection_limit)
        self.generated: dict[str, str] = {}
        self.certificate: Certificate
        self.gate: Gate
        self.edge: Edge
        self.role: Role
        self.live: Release | None = None
        self.number = 0
        self.peak_mb = 0.0  # of the fullest instance

    def prepare(self) -> None:
        """Make what outlives a release: the database with its role and gate, secrets, certificates, the edge."""
        if self.source is not None and self.image is None and (without := copying.left_out(self.source)):
            with self.timeline.step("the app's folder") as step:
                step.detail = f"without {_counted(sorted(without))}, which git does not track"
        with self.timeline.step("managed database") as step:
            self.server.start()
            self.role = self.server.make_role(self.wanted.role, self.wanted.dbname, self.habits.privileges)
            self.certificate = self_signed(self.keeper.folder, "database", self.database_host)
            self.gate = self.enter_context(
                Gate(own_address(), ("127.0.0.1", self.server.port), self.certificate, self.habits.tls)
            )
            rights = self.habits.privileges
            words = "superuser" if rights.superuser else "owner" if rights.owner else "guest"
            step.detail = (
                f"PostgreSQL {self.server.version}{_other_version(self.wanted.postgres, self.server.version)}, "
                f"role {self.role.name} ({words}), {self.habits.connection_limit} connections"
            )
        with self.timeline.step("edge with TLS") as step:
            files = self_signed(self.keeper.folder, "edge", self.host, DOMAIN, "localhost")
            self.edge = self.enter_context(
                Edge(files, self._ports, self.host, self.habits.forwarded, self.habits.first_byte_seconds)
            )
            self.edge_certificate = files.certificate
            step.detail = f"https://{self.host} on port {self.edge.port}"

    def environ(self, port: int) -> dict[str, str]:
        """Return the environment of one instance: what the manifest says, resolved, and what the platform injects."""
        found = {name: self._value(name, origin) for name, origin in self.wanted.envs.items()}
        found |= dict(self.habits.inject(self.wanted, self.host, port))
        found["PORT"] = found.get("PORT") or str(port)
        values = {**found, **self.changed}
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, name: str, origin: object) -> str | None:
        match origin:
            case Given(value):
                return value
            case MadeUp(made):
                return self.generated.setdefault(name, make_up(made))
            case OfApp(url):
                return f"https://{self.host}" if url else self.host
            case Asked(default=default):
                return self.answers.get(name, default) or None
            case OfDatabase(part):
                return self.database_part(part)
        raise TypeError(f"{name} has no origin that is known")

    def database_part(self, part: str) -> str:
        """Return a part of the managed database's address, as the app is to see it."""
        host, port = self.database_host, self.gate.port
        values = {
            "url": lambda: self.habits.database_url(self.role, host, port),
            "host": lambda: host,
            "port": lambda: str(port),
            "user": lambda: self.role.name,
            "password": lambda: self.role.password,
            "name": lambda: self.role.dbname,
            "ca": lambda: Path(self.certificate.certificate).read_text(),
        }
        return values[part]()

    def url_of(self, role: Role) -> str:
        """Return the URL of another database on the same server."""
        return self.habits.database_url(role, self.database_host, self.gate.port)

    def make_another(self, name: str) -> str:
        """Return a new value for a generated variable."""
        origin = self.wanted.envs[name]
        if not isinstance(origin, MadeUp):
            raise ValueError(f"{name} is not generated here")
        return make_up(origin.recipe)

    @property
    def names(self) -> dict[str, str]:
        """Host names of the platform's private network and where they lead on this machine."""
        return {self.database_host: own_address()} if naming.possible() else {}

    def deploy(self, *, instances: int | None = None) -> Release:
        """Deploy what the manifest and the variables say now; the old release serves until the new one is healthy.

        Raises Failed, and then the old release goes on serving.
        """
        self.number += 1
        wanted = replace(self.wanted, instances=instances or self.wanted.instances)
        release = Release(self, wanted, f"r{self.number}")
        try:
            release.prepare()
            release.start()
            release.wait_until_healthy()
        except BaseException:
            release.stop(0)
            raise
        finally:
            self._note(release)
        before, self.live = self.live, release
        if before is not None:
            with self.timeline.step("old release stops") as step:
                self._note(before)
                self.edge.settle()
                step.detail = before.stop(wanted.shutdown_seconds)
        return release

    def stop(self) -> None:
        """Stop the live release in the platform's window."""
        release, self.live = self.live, None
        if release is not None:
            with self.timeline.step("stop") as step:
                try:
                    release.check()
                finally:
                    self._note(release)
                    step.memory_mb, step.connections = self.peak_mb, self.gate.most
                    step.detail = release.stop(self.wanted.shutdown_seconds)

    def _note(self, release: Release) -> None:
        self.peak_mb = max(self.peak_mb, release.peak_mb)

    def _ports(self) -> list[int]:
        return self.live.ports if self.live is not None else []


def _other_version(asked: str, here: str) -> str:
    major = here.partition(".")[0]
    return f" (asked for {asked}, rehearsed on {major})" if asked not in ("", major) else ""


def _counted(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:MOST_NAMED])
    return shown if len(paths) <= MOST_NAMED else f"{shown} and {len(paths) - MOST_NAMED} more"


def make_up(made: Recipe) -> str:
    """Return a new random value of this shape."""
    text = "".join(random.choice(made.characters) for _ in range(made.length - made.padding))
    if made.padding:
        # Canonical base64: the last character before the padding carries no surplus bits.
        import base64

        encode = base64.urlsafe_b64encode if made.alphabet == "base64url" else base64.b64encode
        text = encode(random.token_bytes((made.length - made.padding) * 6 // 8)).decode().rstrip("=")
    return text + "=" * made.padding
