"""One row for each database that people see. Credentials that people typed are in it, sealed; others never."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from mathesar.connections import guard
from mathesar.connections.guard import ReadOnlyDatabase


class Source(models.TextChoices):
    """Who defines an entry."""

    ENVIRONMENT = "env", "environment"
    PERSON = "ui", "added here"


class Status(models.TextChoices):
    """What is known of a database."""

    PENDING = "pending", "Not checked yet"
    CONNECTED = "connected", "Connected"
    SCHEMA_MISSING = "schema_missing", "Schema missing"
    LOCKED = "locked", "Locked"
    UNREACHABLE = "unreachable", "Cannot connect"
    CONFIGURATION_ERROR = "configuration_error", "Configuration error"
    TARGET_CHANGED = "target_changed", "Another database answers"
    MISSING = "missing", "Variable is missing"
    DETACHED = "detached", "Detached"


class Schema(models.TextChoices):
    """What is known of the Mathesar schema in a database."""

    UNKNOWN = "unknown", "Not known"
    CURRENT = "current", "Installed"
    OUTDATED = "outdated", "Out of date"
    MISSING = "missing", "Not installed"
    FOREIGN = "foreign", "Not ours"


OUT_OF_SERVICE = frozenset({Status.CONFIGURATION_ERROR, Status.MISSING, Status.DETACHED})


STATUS_COLUMNS = frozenset(
    {"status", "status_code", "server_version", "last_checked", "identity", "schema", "schema_version", "schema_code"}
)


class DatabaseQuerySet(models.QuerySet["Database"]):
    """Refuses every bulk way of changing what the environment defines."""

    def update(self, **values: Any) -> int:
        """Update rows, none of them from the environment."""
        if values.get("source") == Source.ENVIRONMENT:
            _refuse_new()
        self._refuse_environment()
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows, none of them from the environment."""
        self._refuse_environment()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: str | None) -> int:
        self._refuse_environment()
        return int(super()._raw_delete(using))  # type: ignore[misc]

    def bulk_create(self, objs: Iterable[Database], *args: Any, **kwargs: Any) -> list[Database]:
        """Create rows, none of them from the environment, and overwrite none that is."""
        rows = list(objs)
        for row in rows:
            row.refuse_if_environment()
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Database], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """Update rows, none of them from the environment."""
        rows = list(objs)
        for row in rows:
            row.refuse_if_environment()
        return super().bulk_update(rows, fields, *args, **kwargs)

    def _refuse_environment(self) -> None:
        if guard.is_open():
            return
        keys = list(self.values_list("pk", flat=True))
        found = Database.objects.filter(pk__in=keys, source=Source.ENVIRONMENT).first()
        if found is not None:
            raise ReadOnlyDatabase(found.name, found.variable)


def _refuse_new() -> None:
    if not guard.is_open():
        raise ReadOnlyDatabase("new", "MATHESAR_DATABASES")


class Database(models.Model):
    """A database that people work with; rows of the environment are written by the reconciler alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=3, choices=Source)
    name = models.CharField(max_length=128)
    key = models.CharField(max_length=512, help_text="the name as uniqueness compares it")
    label = models.CharField(max_length=128, blank=True)
    variable = models.CharField(max_length=200, blank=True, help_text="where the environment defines it")
    position = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="HMAC of host, port and database name")
    identity = models.CharField(max_length=80, blank=True, help_text="which database answered first, as it says")
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    status_code = models.CharField(max_length=40, blank=True)
    server_version = models.CharField(max_length=40, blank=True)
    key_id = models.CharField(max_length=16, blank=True, help_text="the key that sealed the credentials")
    sealed = models.TextField(blank=True, help_text="everything but the name, encrypted; empty for the environment's")
    version = models.PositiveIntegerField(default=1, help_text="goes up with each change of the credentials")
    wants_schema = models.BooleanField(default=True, help_text="install and upgrade the Mathesar schema here")
    types_only = models.BooleanField(default=False, help_text="the Mathesar schema without its functions")
    schema = models.CharField(max_length=10, choices=Schema, default=Schema.UNKNOWN)
    schema_version = models.CharField(max_length=20, blank=True)
    schema_code = models.CharField(max_length=40, blank=True, help_text="why the last install or upgrade failed")
    removing_at = models.DateTimeField(null=True, blank=True, help_text="a removal with its schema was begun")
    last_checked = models.DateTimeField(null=True, blank=True)
    detached_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatabaseQuerySet.as_manager()

    class Meta:
        ordering = ("position", "name")
        base_manager_name = "objects"
        default_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="database_name_unique_in_source"),
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="database_source_known"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="database_status_known"),
            models.CheckConstraint(condition=models.Q(schema__in=Schema.values), name="database_schema_known"),
            models.CheckConstraint(
                condition=models.Q(source="ui") | models.Q(sealed="", key_id=""), name="database_env_has_no_secret"
            ),
            models.CheckConstraint(
                condition=models.Q(status="detached", detached_at__isnull=False)
                | (~models.Q(status="detached") & models.Q(detached_at__isnull=True)),
                name="database_detached_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(source="env") | ~models.Q(variable=""), name="database_env_names_variable"
            ),
        )

    def __str__(self) -> str:
        return self.label or self.name

    def refuse_if_environment(self) -> None:
        """Raise `ReadOnlyDatabase` when this row is, or is about to become, one of the environment."""
        if guard.is_open():
            return
        stored = Database.objects.filter(pk=self.pk, source=Source.ENVIRONMENT).first()
        if stored is not None:
            raise ReadOnlyDatabase(stored.name, stored.variable)
        if self.source == Source.ENVIRONMENT:
            raise ReadOnlyDatabase(self.name, self.variable or "MATHESAR_DATABASES")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, unless the environment defines it."""
        self.refuse_if_environment()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, unless the environment defines it."""
        self.refuse_if_environment()
        return super().delete(*args, **kwargs)

    def record_status(self, **columns: Any) -> None:
        """Write what a check found (and nothing else), unless the row went out of service meanwhile."""
        unknown = set(columns) - STATUS_COLUMNS
        if unknown:
            raise ValueError(f"not a status column: {', '.join(sorted(unknown))}")
        with guard.changes_from_the_environment():
            Database.objects.filter(pk=self.pk).exclude(status__in=OUT_OF_SERVICE).update(**columns)

    def choose_schema(self, *, wanted: bool, types_only: bool) -> None:
        """Note whether start-up installs the Mathesar schema here, and which part of it."""
        with guard.changes_from_the_environment():
            columns: dict[str, Any] = {"wants_schema": wanted, "types_only": types_only}
            if wanted:  # whoever wants it back has thought better of removing the connection
                columns["removing_at"] = None
            Database.objects.filter(pk=self.pk).update(**columns)
        self.wants_schema, self.types_only = wanted, types_only


@receiver(pre_delete, sender=Database)
def refuse_delete(instance: Database, **_: Any) -> None:
    """Refuse what reaches the row through a collector: cascades, an admin, a parent's delete."""
    instance.refuse_if_environment()
