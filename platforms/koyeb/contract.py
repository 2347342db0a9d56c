"""Koyeb: the environment that it gives a service's instance."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of
from provisioner.web_values import whole_number


class Koyeb:
    """https://www.koyeb.com/docs/build-and-deploy/environment-variables"""

    name = "koyeb"
    label = "Koyeb"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # The id alone could stand on any machine that talks to Koyeb's API; an instance has both.
        return all(environ.get(name, "").strip() for name in ("KOYEB_SERVICE_ID", "KOYEB_APP_NAME"))

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host = environ.get("KOYEB_PUBLIC_DOMAIN", "").strip()
        return contract_of(
            self,
            facts,
            hosts=(host,) if host else (),
            host_variable="KOYEB_PUBLIC_DOMAIN",
            memory_mb=whole_number(environ.get("KOYEB_INSTANCE_MEMORY_MB", ""), facts.integer("memory_mb")),
            secret_generator=False,
        )
