"""Fly.io: the environment that it gives a Machine."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of
from provisioner.web_values import whole_number


class Fly:
    """https://fly.io/docs/machines/runtime-environment/"""

    name = "fly"
    label = "Fly.io"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return all(environ.get(name, "").strip() for name in ("FLY_APP_NAME", "FLY_MACHINE_ID"))

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        app = environ.get("FLY_APP_NAME", "").strip()
        return contract_of(
            self,
            facts,
            hosts=(f"{app}.{facts.text('domain')}",) if app else (),
            host_variable="FLY_APP_NAME",
            memory_mb=whole_number(environ.get("FLY_VM_MEMORY_MB", ""), facts.integer("memory_mb")),
        )
