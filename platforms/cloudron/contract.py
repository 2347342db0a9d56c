"""Cloudron: the environment that it gives an app, and what its PostgreSQL addon adds."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of


class Cloudron:
    """https://docs.cloudron.io/packaging/cheat-sheet, Environment variables; https://docs.cloudron.io/packaging/addons"""

    name = "cloudron"
    label = "Cloudron"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return environ.get("CLOUDRON", "").strip() == "1"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        aliases = environ.get("CLOUDRON_ALIAS_DOMAINS", "").split(",")
        named = [host.strip() for host in (environ.get("CLOUDRON_APP_DOMAIN", ""), *aliases)]
        return contract_of(
            self,
            load_facts(__file__),
            # An alias may be a pattern; those the app would refuse, and the other names still hold.
            hosts=tuple(host for host in named if host and "*" not in host),
            host_variable="CLOUDRON_APP_DOMAIN",
            secret_generator=False,
            internal_variables=("CLOUDRON_POSTGRESQL_URL", "DATABASE_URL"),
        )
