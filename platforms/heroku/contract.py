"""Heroku: a dyno's markers, attached databases and what the router already checks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of

_ATTACHED = re.compile(r"HEROKU_POSTGRESQL_([A-Z0-9_]+)_URL")


class Heroku:
    """https://devcenter.heroku.com/articles/dynos#local-environment-variables"""

    name = "heroku"
    label = "Heroku"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # Heroku CI sets DYNO as well, but serves nobody; Dokku sets it too, and our manifest says so there.
        if environ.get("APP_PLATFORM", "").strip() not in ("", self.name):
            return False
        return bool(environ.get("DYNO", "").strip()) and "CI" not in environ

    def contract(self, environ: Mapping[str, str]) -> Contract:
        host = environ.get("HEROKU_APP_DEFAULT_DOMAIN_NAME", "").strip()
        colours = [match for match in map(_ATTACHED.fullmatch, sorted(environ)) if match is not None]
        return contract_of(
            self,
            load_facts(__file__),
            hosts=(host,) if host else (),
            host_variable="HEROKU_APP_DEFAULT_DOMAIN_NAME",
            any_host=True,
            attached=tuple((match[0], match[1].lower()) for match in colours),
        )
