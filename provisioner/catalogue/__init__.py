"""Every message that the provisioner can give, one table split by subject."""

from provisioner.catalogue import (
    browsing,
    configuration,
    connections,
    databases,
    deployment,
    doctor,
    editing,
    images,
    importing,
    lasting,
    live,
    manifests,
    packages,
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
    *configuration.RULES,
    *databases.RULES,
    *values.RULES,
    *deployment.RULES,
    *starting.RULES,
    *lasting.RULES,
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
    *packages.RULES,
    *importing.RULES,
)

__all__ = ["RULES", "Rule"]
