"""Railway: markers, domains, the unpooled database and the drain that is 0 s unless set."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract, contract_of
from provisioner.web_values import whole_number

DRAINING = "RAILWAY_DEPLOYMENT_DRAINING_SECONDS"


class Railway:
    """https://docs.railway.com/reference/variables"""

    name = "railway"
    label = "Railway"

    def detect(self, environ: Mapping[str, str]) -> bool:
        return all(environ.get(name, "").strip() for name in ("RAILWAY_PROJECT_ID", "RAILWAY_ENVIRONMENT_ID"))

    def contract(self, environ: Mapping[str, str]) -> Contract:
        facts = load_facts(__file__)
        host = environ.get("RAILWAY_PUBLIC_DOMAIN", "").strip()
        draining = whole_number(environ.get(DRAINING, ""), facts.integer("shutdown_seconds"), least=0, most=9999)
        return contract_of(
            self,
            facts,
            hosts=(host,) if host else (),
            host_variable="RAILWAY_PUBLIC_DOMAIN",
            shutdown_seconds=draining,
            # Adding PgBouncer repoints DATABASE_URL at it; this one stays direct.
            internal_variables=("DATABASE_UNPOOLED_URL", "DATABASE_URL"),
            notices=() if draining >= 10 else (("shutdown-window", DRAINING),),
        )
