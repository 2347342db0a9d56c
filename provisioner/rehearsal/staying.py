"""After the rehearsal: leave the app running for a person to look at, or wait for a manifest to change."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from .scenarios import SCENARIOS, Scenario
from .witness import CODE, PERSON, Witness

if TYPE_CHECKING:
    from .loading import Subject
    from .session import Session

POLL_SECONDS = 0.3


class Terminated(BaseException):
    """SIGTERM came; as KeyboardInterrupt, it ends everything on its way out."""


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Within the block SIGTERM raises Terminated, and SIGINT KeyboardInterrupt, whoever started this process.

    A shell script has SIGINT ignored in what it starts in the background, and that is inherited.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, end),
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unclaimed(session: Session, witness: Witness) -> None:
    """Leave the first run to the person."""


def deployed_only() -> Scenario:
    """Return the first deploy without anybody claiming the app."""
    first = SCENARIOS["first-deploy"]
    return Scenario(first.name, "Press the button, and leave the first run to you.", _unclaimed)


class Staying:
    """Says where the app is, and lets it run until Ctrl-C."""

    def __init__(self, say: Callable[[str], None], *, foreign: bool, claimed: bool) -> None:
        self.say, self.foreign, self.claimed = say, foreign, claimed

    def __call__(self, session: Session) -> None:
        self.say("\n".join(self.words(session)))
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            self.say("")

    def words(self, session: Session) -> list[str]:
        """Return where the app is and how to get in; no secret is among it."""
        host, port, trust = session.host, session.edge.port, session.edge_certificate
        lines = [
            "",
            "It is running; Ctrl-C ends it and leaves nothing behind.",
            "",
            f"  https://localhost:{port}/",
            f"  https://{host}:{port}/  as the platform names it:",
            f"    curl --resolve {host}:{port}:127.0.0.1 --cacert {trust} \\",
            f"      https://{host}:{port}/",
            f"    chromium --host-resolver-rules='MAP {host} 127.0.0.1' \\",
            f"      https://{host}:{port}/",
            "",
            "  The certificate is made for this run, so a browser warns of it:",
            f"    {trust}",
        ]
        return lines if self.foreign else [*lines, "", *self._way_in(session)]

    def _way_in(self, session: Session) -> list[str]:
        if self.claimed:
            return [
                f"  Sign in as {PERSON['username']} with the password:",
                f"    cat {_put(session, 'sign-in-password', PERSON['password'])}",
            ]
        generated = session.generated.get("MATHESAR_SETUP_CODE")
        code = generated or _logged(session)
        if not code:
            return ["  There is no setup code: the manifest makes none, and the log has none."]
        file = _put(session, "setup-code", code)
        shown = "as MATHESAR_SETUP_CODE" if generated else "in the app's log"
        return [f"  The setup code, which the platform would show {shown}:", f"    cat {file}"]


def _put(session: Session, name: str, secret: str) -> Path:
    """Write a secret into a file of the rehearsal's, which its owner alone can read; return the file."""
    file = session.keeper.folder / name
    file.touch(0o600)
    file.write_text(f"{secret}\n")
    return file


def _logged(session: Session) -> str:
    instances = session.live.instances if session.live is not None else []
    lines = (line for instance in instances for line in instance.lines)
    return next((found[1] for line in lines if (found := CODE.search(line))), "")


def until_changed(subjects: Sequence[Subject], stamps: Sequence[tuple[int, ...]]) -> None:
    """Wait until a file is not as it was at `stamps`, and every file is there: editors replace a file by another."""
    while True:
        now = [subject.stamp() for subject in subjects]
        if now != list(stamps) and all(all(stamp) for stamp in now):
            return
        time.sleep(POLL_SECONDS)
