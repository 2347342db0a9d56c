"""CapRover: the environment that it gives an app."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class CapRover:
    """https://caprover.com/docs/one-click-apps.html"""

    name = "caprover"
    label = "CapRover"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # There is no marker of its own: the generated manifest declares this one.
        return environ.get("APP_PLATFORM", "").strip() == "caprover"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        return Contract(
            name=self.name,
            label=self.label,
            default_port=facts.integer("default_port"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
        )
