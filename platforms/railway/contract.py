"""Railway: markers, domains, the unpooled database and the drain that is 0 s unless set."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.facts import load_facts
from provisioner.platform import Contract

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
        given = environ.get(DRAINING, "").strip()
        valid = given.isascii() and given.isdigit() and len(given) < 5
        draining = int(given) if valid else facts.integer("shutdown_seconds")
        return Contract(
            name=self.name,
            label=self.label,
            hosts=(host,) if host else (),
            host_variable="RAILWAY_PUBLIC_DOMAIN",
            bind_address=facts.text("bind_address"),
            default_port=facts.integer("default_port"),
            private_hosts=facts.texts("private_hosts"),
            managed_hosts=facts.texts("managed_hosts"),
            tls_ceiling=facts.text("tls_ceiling"),
            prober_hosts=facts.texts("prober_hosts"),
            shutdown_seconds=draining,
            memory_mb=facts.integer("memory_mb"),
            connection_limit=facts.integer("connection_limit"),
            # Adding PgBouncer repoints DATABASE_URL at it; this one stays direct.
            internal_variables=("DATABASE_UNPOOLED_URL", "DATABASE_URL"),
            notices=() if draining >= 10 else (("shutdown-window", DRAINING),),
        )
