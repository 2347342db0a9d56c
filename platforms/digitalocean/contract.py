"""DigitalOcean App Platform: it injects PORT alone, so all else is what our spec binds."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of


class DigitalOcean(Declared):
    """https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/"""

    # There is no marker of its own: the app spec declares this one.
    name = "digitalocean"
    label = "DigitalOcean App Platform"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host, variable = _host(environ)
        authority = environ.get("CA_CERT", "").strip()
        given = authority.startswith("-----BEGIN CERTIFICATE-----")
        return contract_of(
            self,
            facts,
            hosts=(host,) if host else (),
            host_variable=variable,
            tls_ceiling="verify-full" if given else facts.text("tls_ceiling"),
            ca_certificate=authority if given else None,
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
