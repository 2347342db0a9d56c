"""`mathesar update-check`: is there a newer version? Asked only when somebody runs it."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import NoReturn

from mathesar.boot.console import say
from mathesar.life import releases
from mathesar.life.saying import tell_finding
from provisioner.findings import finding

NEWER = 10  # exit status


def update_check() -> NoReturn:
    """Run the command; exit 0 for the newest version, 10 where there is a newer one, 1 where nobody could be asked."""
    own = version("mathesar")
    try:
        found = releases.latest(os.environ.get(releases.VARIABLE, "").strip() or releases.default_url())
    except releases.BadAddress as bad:
        tell_finding(finding("update-url", releases.VARIABLE, reason=bad.reason))
        sys.exit(1)
    except releases.NotAsked as unanswered:
        tell_finding(finding("update-unreachable", "mathesar", reason=unanswered.reason))
        sys.exit(1)
    if not releases.is_newer(found.version, own):
        say(f"Mathesar {own} is the newest version.")
        sys.exit(0)
    day = f" of {found.day}" if found.day else ""
    say(f"There is a newer Mathesar: {found.name}{day}. This is {own}.\n{found.link}")
    say("Back up first: mathesar backup FILE")
    sys.exit(NEWER)
