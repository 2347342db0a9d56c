"""Which variables hold a secret, by their names and by the form of their values."""

from __future__ import annotations

import re

from provisioner.variables import NAMED_DATABASE, SECRET_KINDS, find

_SECRET_NAME = re.compile(
    r"(^|_)PASS($|_)|PASS(WORD|WD|PHRASE)|SECRET|TOKEN|CREDENTIAL|(PRIVATE|API|ACCESS|_)KEY($|_)|(^|_)DSN$"
)
_URL_WITH_USER = re.compile(r"://[^/\s]*@")


def bears_secret(name: str, value: str) -> bool:
    """Tell whether a variable holds, or by its name or form may hold, a secret. A NAME_FILE holds a path."""
    upper = name.upper()
    if _URL_WITH_USER.search(value):
        return True
    if upper.endswith("_FILE"):
        return False
    variable = find(name)
    if variable is not None:
        return variable.kind in SECRET_KINDS
    return bool(NAMED_DATABASE.fullmatch(upper) or _SECRET_NAME.search(upper))
