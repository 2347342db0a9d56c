"""Fly.io: the environment that it gives a Machine."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import Facts, load_facts
from provisioner.platform import Contract


class Fly:
    """https://fly.io/docs/machines/runtime-environment/"""

    name = "fly"
    label = "Fly.io"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return all(environ.get(name, "").strip() for name in ("FLY_APP_NAME", "FLY_MACHINE_ID"))

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        app = environ.get("FLY_APP_NAME", "").strip()
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(f"{app}.{facts.text('domain')}",) if app else (),
            host_variable="FLY_APP_NAME",
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            private_hosts=facts.texts("private_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=_memory(environ, facts),
            connection_limit=facts.integer("connection_limit"),
        )


def _memory(environ: Mapping[str, str], facts: Facts) -> int:
    """Return what FLY_VM_MEMORY_MB says, in MiB; what the manifest asks for where it says nothing usable."""
    said = environ.get("FLY_VM_MEMORY_MB", "").strip()
    return int(said) if said.isascii() and said.isdigit() and int(said) > 0 else facts.integer("memory_mb")
