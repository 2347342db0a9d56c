"""The throttle's table and people's API tokens."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class FailedSignIn(models.Model):
    """How often signing in failed of late, for one user name, one network or one known browser."""

    key = models.CharField(primary_key=True, max_length=64)  # a keyed hash: no names or addresses are kept
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.DateTimeField(db_index=True)


class ApiToken(models.Model):
    """A key to somebody's account for programs; of the secret part only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8, unique=True, help_text="the token's public part, to find it by")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the secret part, in hex")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="written at most once a minute")
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"mts_{self.prefix}_…"
