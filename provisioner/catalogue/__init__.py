"""Every message that the provisioner can give, one table split by subject."""

from provisioner.catalogue import connections, databases, deployment, live, starting, urls, values
from provisioner.catalogue.rule import Rule

RULES: tuple[Rule, ...] = (
    *urls.RULES,
    *databases.RULES,
    *values.RULES,
    *deployment.RULES,
    *starting.RULES,
    *live.RULES,
    *connections.RULES,
)

__all__ = ["RULES", "Rule"]
