"""AWS (ECS on Fargate): it injects nothing that we rely on, so all is what our template binds."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, Declared, contract_of
from provisioner.web_values import own_address


class Aws(Declared):
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/

    Behind a listener without a certificate there is no HTTPS to lead people to: ``X-Forwarded-Proto`` is believed only
    where APP_URL says https.
    """

    # ECS's own variables are in every container there, whoever put it there: the template declares this one.
    name = "aws"
    label = "AWS (ECS on Fargate)"

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host, secure = own_address(environ.get("APP_URL", "").strip())
        authority = environ.get("CA_CERT", "").strip()
        given = authority.startswith("-----BEGIN CERTIFICATE-----")
        return contract_of(
            self,
            facts,
            hosts=(host,) if host else (),
            host_variable="APP_URL",
            trust_forwarded_proto=secure,
            forwarded_hops=1,
            tls_ceiling="verify-full" if given else facts.text("tls_ceiling"),
            ca_certificate=authority if given else None,
        )
