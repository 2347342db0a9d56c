"""Koyeb: the environment that it gives a service's instance."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import Facts, load_facts
from provisioner.platform import Contract


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
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(host,) if host else (),
            host_variable="KOYEB_PUBLIC_DOMAIN",
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            managed_hosts=facts.texts("managed_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=_memory(environ, facts),
            connection_limit=facts.integer("connection_limit"),
            secret_generator=False,
        )


def _memory(environ: Mapping[str, str], facts: Facts) -> int:
    """Return what KOYEB_INSTANCE_MEMORY_MB says, in MiB; what the manifest asks for where it says nothing usable."""
    said = environ.get("KOYEB_INSTANCE_MEMORY_MB", "").strip()
    return (
        int(said)
        if said.isascii() and said.isdigit() and 0 < len(said) < 8 and int(said)
        else facts.integer("memory_mb")
    )
