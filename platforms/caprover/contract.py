"""CapRover: the environment that a one-click app gives its service."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of


class CapRover(Declared):
    """https://caprover.com/docs/one-click-apps.html; the host is what the template says in ALLOWED_HOSTS."""

    # CapRover sets no variable by which it could be told; the template declares this one.
    name = "caprover"
    label = "CapRover"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        return contract_of(self, load_facts(__file__), host_variable="ALLOWED_HOSTS")
