"""Google Cloud Run: the environment that it gives a container of a service."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class CloudRun:
    """https://cloud.google.com/run/docs/container-contract"""

    name = "cloudrun"
    label = "Google Cloud Run"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return all(environ.get(name, "").strip() for name in ("K_SERVICE", "K_REVISION"))

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        return Contract(
            name=self.name,
            label=self.label,
            any_host=True,  # Google's front end finds the service by its host, so that no other arrives
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
        )
