"""The throttle's table."""

from __future__ import annotations

from django.db import models


class FailedSignIn(models.Model):
    """How often signing in failed of late, for one user name, one network or one known browser."""

    key = models.CharField(primary_key=True, max_length=64)  # a keyed hash: no names or addresses are kept
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.DateTimeField(db_index=True)
