"""Dokku: the environment that it gives an app."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of


class Dokku(Declared):
    """https://dokku.com/docs/appendices/file-formats/app-json/"""

    # There is no marker of its own: the generated manifest declares this one.
    name = "dokku"
    label = "Dokku"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        return contract_of(self, load_facts(__file__), host_variable="ALLOWED_HOSTS")
