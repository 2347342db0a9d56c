"""Render: markers, host name and the promises of a web service."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of


class Render:
    """https://render.com/docs/environment-variables"""

    name = "render"
    label = "Render"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return environ.get("RENDER", "").strip() == "true"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        host = environ.get("RENDER_EXTERNAL_HOSTNAME", "").strip()
        return contract_of(
            self,
            load_facts(__file__),
            hosts=(host,) if host else (),
            host_variable="RENDER_EXTERNAL_HOSTNAME",
        )
