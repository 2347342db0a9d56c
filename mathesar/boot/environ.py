"""Take the secrets out of this process's environment once they are in the plan.

Children inherit what is left, and libpq finds no PG* variable to add to a connection.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping

from provisioner.secret_names import bears_secret

# gunicorn would take these for its own: an upgrade in progress, or options from outside the plan.
_GUNICORN = frozenset({"GUNICORN_PID", "GUNICORN_FD", "GUNICORN_CMD_ARGS", "FORWARDED_ALLOW_IPS", "WEB_CONCURRENCY"})


def scrub(environ: MutableMapping[str, str], *, keep: Collection[str] = ()) -> None:
    """Delete PG*, what would steer gunicorn past the plan, and every secret, but for the names in `keep`."""
    for name in list(environ):
        if name in keep:
            continue
        if name.startswith("PG") or name in _GUNICORN or bears_secret(name, environ[name]):
            del environ[name]
