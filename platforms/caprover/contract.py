"""CapRover: the environment that a one-click app gives its service."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class CapRover:
    """https://caprover.com/docs/one-click-apps.html; the host is what the template says in ALLOWED_HOSTS."""

    name = "caprover"
    label = "CapRover"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # CapRover sets no variable by which it could be told; the template declares this one.
        return environ.get("APP_PLATFORM", "").strip() == "caprover"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        return Contract(
            name=self.name,
            label=self.label,
            host_variable="ALLOWED_HOSTS",
            default_port=facts.integer("default_port"),
            private_hosts=facts.texts("private_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
        )
