"""Kubernetes: pods that the Helm chart makes, which binds everything itself."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import Facts, load_facts
from provisioner.platform import Contract
from provisioner.web_values import own_address


class Kubernetes:
    """https://kubernetes.io/docs/concepts/containers/container-environment/

    A platform of its own, so that a lost DATABASE_URL stops the start instead of becoming a database inside a pod. TLS
    is the ingress's work, and there may be none: ``X-Forwarded-Proto`` is believed only where APP_URL says https.
    """

    name = "kubernetes"
    label = "Kubernetes"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # KUBERNETES_SERVICE_HOST is in every pod, those of other platforms too: the chart declares this one.
        return environ.get("APP_PLATFORM", "").strip() == "kubernetes"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host, secure = own_address(environ.get("APP_URL", "").strip())
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(host,) if host else facts.texts("local_hosts"),
            host_variable="APP_URL",
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            trust_forwarded_proto=secure,
            forwarded_hops=1 if secure else 0,
            private_hosts=facts.texts("private_hosts"),
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=_number(environ, "APP_MEMORY_MB", "memory_mb", facts),
            connection_limit=_number(environ, "APP_CONNECTION_LIMIT", "connection_limit", facts),
        )


def _number(environ: Mapping[str, str], name: str, fact: str, facts: Facts) -> int:
    """Return what the chart says of this pod (its memory limit, its share of the connections), else the fact."""
    text = environ.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else facts.integer(fact)
