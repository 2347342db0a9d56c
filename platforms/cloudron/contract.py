"""Cloudron: the environment that it gives an app, and what its PostgreSQL addon adds."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class Cloudron:
    """https://docs.cloudron.io/packaging/cheat-sheet, Environment variables; https://docs.cloudron.io/packaging/addons"""

    name = "cloudron"
    label = "Cloudron"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return environ.get("CLOUDRON", "").strip() == "1"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        aliases = environ.get("CLOUDRON_ALIAS_DOMAINS", "").split(",")
        named = [host.strip() for host in (environ.get("CLOUDRON_APP_DOMAIN", ""), *aliases)]
        return Contract(
            name=self.name,
            label=self.label,
            # An alias may be a pattern; those the app would refuse, and the other names still hold.
            hosts=tuple(host for host in named if host and "*" not in host),
            host_variable="CLOUDRON_APP_DOMAIN",
            default_port=facts.integer("default_port"),
            private_hosts=facts.texts("private_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
            secret_generator=False,
            internal_variables=("CLOUDRON_POSTGRESQL_URL", "DATABASE_URL"),
        )
