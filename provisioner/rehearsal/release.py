"""One release: the step before it, its instances, their health, and their end."""

from __future__ import annotations

import http.client
import re
import socket
import time
from typing import TYPE_CHECKING

from provisioner.findings import finding

from .address import free_port, own_address
from .instance import Instance
from .listening import listens_on
from .telling import findings_in, telling
from .timeline import Failed
from .wanted import Wanted
from .watch import Watch

if TYPE_CHECKING:
    from .session import Session

RELEASE_SECONDS = 300
SETTLED_SECONDS = 6.0
PAUSE = 0.05
ANSWER_SECONDS = 5.0
NOTHING, SILENT = "nothing listens on the port", "no answer in time"
NO_COMMAND = "the manifest leaves the command to the image; give --command"


class Release:
    """The instances of one version; `ports` are those that get requests."""

    def __init__(self, session: Session, wanted: Wanted, name: str) -> None:
        self.session, self.wanted, self.name = session, wanted, name
        self.instances: list[Instance] = []
        self.ports: list[int] = []
        self.watch = Watch(self.instances, wanted.memory_mb)

    @property
    def boot_seconds(self) -> int:
        """The deadline for the first answer that passes."""
        return self.wanted.boot_seconds or self.session.habits.boot_seconds

    def prepare(self) -> None:
        """Run the release or pre-deploy step where there is one. Raises Failed."""
        if self.wanted.release is None:
            return
        with self.session.timeline.step("release step") as step:
            done = self._instance("release", self.wanted.release, free_port())
            watch = Watch([done], self.wanted.memory_mb)
            watch.start()
            status = done.wait(RELEASE_SECONDS)
            watch.stop()
            step.memory_mb = watch.peak_mb
            if watch.full(done):
                raise Failed(f"it used {done.peak_mb:.0f} MB", finding("out-of-memory", "plan"))
            done.stop(0)
            if status != 0:
                words = "it does not end" if status is None else f"it ended with status {status}"
                raise Failed(words, *self._why(done, finding("release-failed", "release")), log=telling(done.lines))
            step.detail = " ".join(self.wanted.release)

    def start(self) -> None:
        """Start the instances, all at once."""
        with self.session.timeline.step("start") as step:
            command = self.command()
            for number in range(1, self.wanted.instances + 1):
                port = free_port()
                self.instances.append(self._instance(f"web.{number}", command, port))
                self.ports.append(port)
            self.watch.start()
            place = f" in {self.session.image.name}" if self.session.image else ""
            size = f"{self.wanted.instances} x {self.wanted.memory_mb} MB"
            step.detail = f"{' '.join(command) or 'its own command'}{place}, {size}"

    def command(self) -> tuple[str, ...]:
        """Return the web command; empty for the image's own. Raises ValueError where nothing says what to run."""
        if self.wanted.command or self.session.image is not None:
            return self.wanted.command or ()
        if self.session.source is not None:
            raise ValueError(NO_COMMAND)
        return ("mathesar", "start")

    def wait_until_healthy(self) -> None:
        """Ask each instance as the platform's prober does until it passes. Raises Failed."""
        with self.session.timeline.step("health check") as step:
            until = time.monotonic() + self.boot_seconds
            try:
                for instance, port in zip(self.instances, self.ports, strict=True):
                    step.detail = self._wait(instance, port, until)
            finally:
                step.memory_mb = max(instance.peak_mb for instance in self.instances)
                step.connections = self.session.gate.most

    def _wait(self, instance: Instance, port: int, until: float) -> str:
        last, since = NOTHING, time.monotonic()
        while time.monotonic() < until:
            self._within_plan(instance)
            if not instance.running:
                instance.wait(2)
                words = f"{instance.label} ended with status {instance.process.returncode}"
                raise Failed(
                    words, *self._why(instance, finding("start-failed", "command")), log=telling(instance.lines)
                )
            before = last
            passed, last = self.ask(port)
            if passed:
                self.watch.look()  # what grew since the last look
                self._within_plan(instance)
                return last
            if last != before:
                since = time.monotonic()
            elif time.monotonic() - since > SETTLED_SECONDS and _hopeless(instance, port, last):
                break  # the platform would ask on until its deadline, and hear the same
            time.sleep(PAUSE)
        raise Failed(last, *self._unhealthy(instance, port, last), log=telling(instance.lines))

    def ask(self, port: int) -> tuple[bool, str]:
        """Ask one instance once, as the prober does; return whether it passes, and what was said."""
        habits, path = self.session.habits, self.wanted.health
        if path is None or not habits.accepts:
            try:
                socket.create_connection((own_address(), port), timeout=2).close()
            except OSError:
                return False, NOTHING
            return True, "the port is open"
        host = habits.prober_host.format(host=self.session.host, address=f"{own_address()}:{port}")
        connection = http.client.HTTPConnection(own_address(), port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path, headers={"Host": host, "User-Agent": "prober"})
            status = connection.getresponse().status
        except TimeoutError:
            return False, SILENT
        except (OSError, http.client.HTTPException):
            return False, NOTHING
        finally:
            connection.close()
        return status in habits.accepts, f"{path} answers {status}"

    @property
    def peak_mb(self) -> float:
        """The most memory that one of the instances has used, in MiB."""
        return self.watch.peak_mb

    def _within_plan(self, instance: Instance) -> None:
        if self.watch.full(instance):
            raise Failed(f"{instance.label} used {instance.peak_mb:.0f} MB", finding("out-of-memory", "plan"))

    def check(self) -> None:
        """Raise Failed where an instance that served has ended, or was full."""
        for instance in self.instances:
            self._within_plan(instance)
            if not instance.running:
                words = f"{instance.label} ended while it served"
                raise Failed(
                    words, *self._why(instance, finding("start-failed", "command")), log=telling(instance.lines)
                )

    def stop(self, window: float) -> str:
        """Stop every instance, giving each `window` seconds; return what became of them, in words."""
        self.ports = []
        self.watch.stop()
        worst, killed = 0.0, 0
        for instance in self.instances:
            seconds, was_killed = instance.stop(window)
            worst, killed = max(worst, seconds), killed + was_killed
        self.instances.clear()
        return f"{killed} killed after {window:.0f} s" if killed else f"ended by itself in {worst:.1f} s"

    def _instance(self, label: str, command: tuple[str, ...], port: int) -> Instance:
        session = self.session
        return Instance(
            session.keeper, f"{self.name}.{label}", command, session.environ(port), session.names,
            session.source, session.image, self.wanted.memory_mb,
        )  # fmt: skip

    def _why(self, instance: Instance, otherwise: object) -> list:  # type: ignore[type-arg]
        return findings_in(instance.lines) or [otherwise]

    def _unhealthy(self, instance: Instance, port: int, last: str) -> list:  # type: ignore[type-arg]
        elsewhere = listens_on(instance.root)
        if not elsewhere:
            return [finding("boot-slow", "command", seconds=str(self.boot_seconds))]
        if port not in {place.port for place in elsewhere}:
            return [finding("port-fixed", "command", platform=None)]
        if all(place.loopback for place in elsewhere if place.port == port):
            return [finding("bind-loopback", "command")]
        if last.endswith("400"):
            host = self.session.habits.prober_host.format(host=self.session.host, address=own_address())
            return [finding("host-check", "ALLOWED_HOSTS", name="The app", prober=host)]
        return [finding("health-refused", "health", said=last)]


def _hopeless(instance: Instance, port: int, last: str) -> bool:
    """Whether waiting changes nothing: it listens, but not where it is asked, or refuses (4xx) what it is asked."""
    if re.search(r"answers 4\d\d$", last):
        return True
    places = listens_on(instance.root) if last == NOTHING else []
    return bool(places) and all(place.loopback or place.port != port for place in places)
