"""What start-up says while nobody has claimed the install."""

from __future__ import annotations

from mathesar.boot.listening import split
from mathesar.setup import claim, code
from mathesar.setup.where import VARIABLE
from provisioner.planning import Plan

_ANYWHERE = frozenset({"0.0.0.0", "::", "127.0.0.1", "::1", ""})  # noqa: S104 - names of what is listened on


def lines(plan: Plan) -> list[str]:
    """Return the lines for the log; none once it is claimed, and none where the local link claims it.

    The code stands in the address's fragment, which no router, proxy or referrer ever sees. A code that the platform
    keeps in a variable is not repeated in the log.
    """
    if plan.own_machine or claim.is_claimed():
        return []
    address = f"{_base(plan)}/setup"
    if plan.setup_code is not None:
        return [f"Nobody has claimed this install yet. Open {address} and enter the value of {VARIABLE}."]
    text = code.grouped(code.derived(claim.installation().install_id))
    return [f"Setup code: {text}  Open {address}#{text}"]


def _base(plan: Plan) -> str:
    if plan.origins:
        return plan.origins[0]
    host, port = split(plan.bind)
    if plan.platform is not None or host in _ANYWHERE:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
