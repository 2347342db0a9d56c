"""What an install has that must survive: looked at from inside this version, once it has prepared the database."""

from __future__ import annotations

import json
from typing import Any

from tests.system.inside import inside

LOOK = """
import json
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from mathesar.accounts import tokens
from mathesar.connections import keyring
from mathesar.connections.models import Database
known = json.loads({known!r})
stored, environment = {{}}, {{}}
for row in Database.objects.all():
    if row.source == "env":
        environment[row.name] = "detached" if row.status == "detached" else "attached"
        continue
    found = keyring.open_row(row)
    stored[row.name] = {{**found.fields(), "password": found.password.get_secret_value()}}
bearer = tokens.authenticate("Bearer " + known["token"])
print(json.dumps({{
    "people": {{
        user.username: [user.is_superuser, authenticate(username=user.username, password=password) == user]
        for user in User.objects.all() for password in [known["people"][user.username][1]]
    }},
    "token": bearer and bearer.username,
    "stored": stored,
    "environment": environment,
}}))
"""


def look(environ: dict[str, str], known: dict[str, Any], engine: str) -> dict[str, Any]:
    """Return what is readable of what `known` says."""
    given = json.dumps({"people": known["people"], "token": known["tokens"][engine]})
    found: dict[str, Any] = json.loads(inside(LOOK.format(known=given), environ).splitlines()[-1])
    return found


def everything(known: dict[str, Any]) -> dict[str, Any]:
    """Return what must be readable."""
    return {
        "people": {name: [superuser, True] for name, (superuser, _) in known["people"].items()},
        "token": "ada",
        "stored": known["stored"],
        "environment": known["environment"],
    }
