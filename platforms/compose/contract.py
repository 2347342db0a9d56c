"""Docker Compose: an app beside its own PostgreSQL, on a machine that somebody looks after."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of, perhaps_proxied


class Compose(Declared):
    """https://github.com/compose-spec/compose-spec

    A platform of its own, so that a lost DATABASE_URL stops the start instead of becoming an embedded database. TLS is
    a proxy's work here, and there may be none: ``X-Forwarded-Proto`` is believed only where APP_URL says https.
    """

    # There is no marker of its own: the generated manifest declares this one.
    name = "compose"
    label = "Docker Compose"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        return contract_of(self, facts, **perhaps_proxied(environ, facts.texts("local_hosts")))
