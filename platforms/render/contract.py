"""Render: markers, host name and the promises of a web service."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class Render:
    """https://render.com/docs/environment-variables"""

    name = "render"
    label = "Render"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return environ.get("RENDER", "").strip() == "true"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host = environ.get("RENDER_EXTERNAL_HOSTNAME", "").strip()
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(host,) if host else (),
            host_variable="RENDER_EXTERNAL_HOSTNAME",
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            reserved_ports=facts.integers("reserved_ports"),
            private_hosts=facts.texts("private_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
        )
