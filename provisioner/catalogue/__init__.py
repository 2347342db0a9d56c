"""Every message that the provisioner can give, one table split by subject."""

from provisioner.catalogue import (
    browsing,
    connections,
    databases,
    deployment,
    doctor,
    editing,
    images,
    live,
    manifests,
    people,
    rehearsal,
    requests,
    starting,
    urls,
    values,
)
from provisioner.catalogue.rule import Rule

RULES: tuple[Rule, ...] = (
    *urls.RULES,
    *databases.RULES,
    *values.RULES,
    *deployment.RULES,
    *starting.RULES,
    *images.RULES,
    *live.RULES,
    *doctor.RULES,
    *browsing.RULES,
    *editing.RULES,
    *connections.RULES,
    *people.RULES,
    *requests.RULES,
    *manifests.RULES,
    *rehearsal.RULES,
)

__all__ = ["RULES", "Rule"]
