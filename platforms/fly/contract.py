"""Fly.io: the environment that it gives an app."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class Fly:
    """https://fly.io/docs/machines/runtime-environment/"""

    name = "fly"
    label = "Fly.io"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return all(environ.get(name, "").strip() for name in ("FLY_APP_NAME", "FLY_MACHINE_ID"))

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
