"""Docker Compose: an app beside its own PostgreSQL, on a machine that somebody looks after."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract
from provisioner.web_values import own_address


class Compose:
    """https://github.com/compose-spec/compose-spec

    A platform of its own, so that a lost DATABASE_URL stops the start instead of becoming an embedded database. TLS is
    a proxy's work here, and there may be none: ``X-Forwarded-Proto`` is believed only where APP_URL says https.
    """

    name = "compose"
    label = "Docker Compose"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # There is no marker of its own: the generated manifest declares this one.
        return environ.get("APP_PLATFORM", "").strip() == "compose"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host, secure = own_address(environ.get("APP_URL", "").strip())
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(host,) if host else facts.texts("local_hosts"),
            host_variable="APP_URL",
            default_port=facts.integer("default_port"),
            trust_forwarded_proto=secure,
            forwarded_hops=1 if secure else 0,
            private_hosts=facts.texts("private_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
        )
