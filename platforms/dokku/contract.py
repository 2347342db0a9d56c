"""Dokku: the environment that it gives an app."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract


class Dokku:
    """https://dokku.com/docs/appendices/file-formats/app-json/"""

    name = "dokku"
    label = "Dokku"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # There is no marker of its own: the generated manifest declares this one.
        return environ.get("APP_PLATFORM", "").strip() == "dokku"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        return Contract(
            name=self.name,
            label=self.label,
            host_variable="ALLOWED_HOSTS",
            private_hosts=facts.texts("private_hosts"),
            default_port=facts.integer("default_port"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
        )
