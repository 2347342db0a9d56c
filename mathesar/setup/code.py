"""The setup code: what proves that somebody can read this install's log or its variables.

The platform hands it over as MATHESAR_SETUP_CODE, or it is derived from the root key and the id of this install:
every replica and every restart has the same one, and nothing of it is stored.
"""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

from mathesar import current
from provisioner.planning import Plan
from provisioner.secret import Secret

LENGTH = 20  # base32 characters: 100 bits
GROUP = 4


def derived(install_id: UUID) -> Secret:
    """Return the code of an install that was given none, without dashes."""
    digest = hmac.digest(current.derived_key("setup"), install_id.bytes, "sha256")
    return Secret(base64.b32encode(digest).decode()[:LENGTH])


def grouped(code: Secret) -> str:
    """Return the code as people read it: XXXX-XXXX-XXXX-XXXX-XXXX."""
    text = code.get_secret_value()
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def is_right(plan: Plan, install_id: UUID, typed: str) -> bool:
    """Compare what was typed in constant time.

    A code of the environment must be the very same, but for space around it; in a derived one case, dashes and
    spaces are for reading only.
    """
    if plan.setup_code is not None:
        return _same(plan.setup_code.get_secret_value(), typed.strip())
    return _same(derived(install_id).get_secret_value(), "".join(typed.replace("-", "").split()).upper())


def is_guessable(plan: Plan) -> bool:
    """Tell whether somebody may have made the code up; a derived one and a long one are random."""
    return plan.setup_code is not None and len(plan.setup_code.get_secret_value()) < LENGTH


def _same(expected: str, typed: str) -> bool:
    return hmac.compare_digest(expected.encode(), typed.encode("utf-8", "replace"))
