"""Google Cloud Run: the environment that it gives a container of a service."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of


class CloudRun:
    """https://cloud.google.com/run/docs/container-contract"""

    name = "cloudrun"
    label = "Google Cloud Run"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return all(environ.get(name, "").strip() for name in ("K_SERVICE", "K_REVISION"))

    def contract(self, environ: Mapping[str, str]) -> Contract:
        return contract_of(
            self,
            load_facts(__file__),
            any_host=True,  # Google's front end finds the service by its host, so that no other arrives
        )
