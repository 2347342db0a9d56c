"""Coolify: the environment that a service template gives its containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of


class Coolify(Declared):
    """https://coolify.io/docs/knowledge-base/environment-variables"""

    # COOLIFY_* is also there for what is no template of ours, a plain compose.yaml; so the template says it.
    name = "coolify"
    label = "Coolify"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        uuid = "[a-z0-9]" * facts.integer("uuid_length")
        return contract_of(
            self,
            facts,
            hosts=tuple(_hosts(environ.get("COOLIFY_FQDN", ""))),
            host_variable="COOLIFY_FQDN",
            private_hosts=(*facts.texts("private_hosts"), uuid),
        )


def _hosts(text: str) -> Iterator[str]:
    """Yield the host of each domain; they are URLs in resources that an early version made."""
    for domain in text.split(","):
        host = domain.strip().rpartition("://")[2].partition("/")[0].partition(":")[0]
        if host:
            yield host
