"""Which install this is: one row, made by the migration, locked by whoever claims it."""

from __future__ import annotations

import uuid

from django.db import models


class Installation(models.Model):
    """The one row. Its id is part of what encrypted credentials are bound to, and of the setup code."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    install_id = models.UUIDField(default=uuid.uuid4, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one"),)

    def __str__(self) -> str:
        return str(self.install_id)
