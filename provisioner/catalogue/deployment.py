"""Messages about a platform and the plan: MP4xx."""

from provisioner.catalogue.rule import Rule

RULES: tuple[Rule, ...] = ()
