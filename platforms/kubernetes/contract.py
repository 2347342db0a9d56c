"""Kubernetes: pods that the Helm chart makes, which binds everything itself."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of, perhaps_proxied
from provisioner.web_values import whole_number


class Kubernetes(Declared):
    """https://kubernetes.io/docs/concepts/containers/container-environment/

    A platform of its own, so that a lost DATABASE_URL stops the start instead of becoming a database inside a pod. TLS
    is the ingress's work, and there may be none: ``X-Forwarded-Proto`` is believed only where APP_URL says https.
    """

    # KUBERNETES_SERVICE_HOST is in every pod, those of other platforms too: the chart declares this one.
    name = "kubernetes"
    label = "Kubernetes"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        return contract_of(
            self,
            facts,
            **perhaps_proxied(environ, facts.texts("local_hosts")),
            # what the chart says of this pod: its memory limit, its share of the connections
            memory_mb=whole_number(environ.get("APP_MEMORY_MB", ""), facts.integer("memory_mb")),
            connection_limit=whole_number(environ.get("APP_CONNECTION_LIMIT", ""), facts.integer("connection_limit")),
        )
