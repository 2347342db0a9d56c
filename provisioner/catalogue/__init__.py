"""Every message that the provisioner can give, one table split by subject."""

from provisioner.catalogue import databases, deployment, urls, values
from provisioner.catalogue.rule import Rule

RULES: tuple[Rule, ...] = urls.RULES + databases.RULES + values.RULES + deployment.RULES

__all__ = ["RULES", "Rule"]
