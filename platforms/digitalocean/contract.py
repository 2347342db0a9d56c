"""DigitalOcean App Platform: it injects PORT alone, so all else is what our spec binds."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from provisioner.facts import load_facts
from provisioner.platform import Contract


class DigitalOcean:
    """https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/"""

    name = "digitalocean"
    label = "DigitalOcean App Platform"

    def detect(self, environ: Mapping[str, str]) -> bool:
        # There is no marker of its own: the app spec declares this one.
        return environ.get("APP_PLATFORM", "").strip() == "digitalocean"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host, variable = _host(environ)
        authority = environ.get("CA_CERT", "").strip()
        given = authority.startswith("-----BEGIN CERTIFICATE-----")
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(host,) if host else (),
            host_variable=variable,
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            managed_hosts=facts.texts("managed_hosts"),
            tls_ceiling="verify-full" if given else facts.text("tls_ceiling"),
            ca_certificate=authority if given else None,
            shutdown_seconds=facts.integer("shutdown_seconds"),
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
            secret_generator=False,
        )


def _host(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the app's host and the variable that named it: APP_DOMAIN, else the host of APP_URL."""
    domain = environ.get("APP_DOMAIN", "").strip()
    url = environ.get("APP_URL", "").strip()
    if domain or not url:
        return domain, "APP_DOMAIN"
    try:
        return urlsplit(url).hostname or url, "APP_URL"
    except ValueError:
        return url, "APP_URL"
