"""Take the secrets out of this process's environment once they are in the plan.

Children inherit what is left, and libpq finds no PG* variable to add to a connection.
"""

from __future__ import annotations

import re
from collections.abc import Collection, MutableMapping

from provisioner.variables import NAMED_DATABASE, SECRET_KINDS, find

_SECRET_NAME = re.compile(
    r"(^|_)PASS($|_)|PASS(WORD|WD|PHRASE)|SECRET|TOKEN|CREDENTIAL|(PRIVATE|API|ACCESS|_)KEY($|_)|(^|_)DSN$"
)
_URL_WITH_USER = re.compile(r"://[^/\s]*@")
# gunicorn would take these for its own: an upgrade in progress, or options from outside the plan.
_GUNICORN = frozenset({"GUNICORN_PID", "GUNICORN_FD", "GUNICORN_CMD_ARGS", "FORWARDED_ALLOW_IPS", "WEB_CONCURRENCY"})


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


def scrub(environ: MutableMapping[str, str], *, keep: Collection[str] = ()) -> None:
    """Delete PG*, what would steer gunicorn past the plan, and every secret, but for the names in `keep`."""
    for name in list(environ):
        if name in keep:
            continue
        if name.startswith("PG") or name in _GUNICORN or bears_secret(name, environ[name]):
            del environ[name]
