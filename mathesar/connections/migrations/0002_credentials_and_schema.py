from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012 - Django's form
        ("connections", "0001_initial"),
    ]

    operations = [  # noqa: RUF012 - Django's form
        migrations.RemoveConstraint(
            model_name="database",
            name="database_status_known",
        ),
        migrations.AddField(
            model_name="database",
            name="key_id",
            field=models.CharField(blank=True, help_text="the key that sealed the credentials", max_length=16),
        ),
        migrations.AddField(
            model_name="database",
            name="removing_at",
            field=models.DateTimeField(blank=True, help_text="a removal with its schema was begun", null=True),
        ),
        migrations.AddField(
            model_name="database",
            name="schema",
            field=models.CharField(
                choices=[
                    ("unknown", "Not known"),
                    ("current", "Installed"),
                    ("outdated", "Out of date"),
                    ("missing", "Not installed"),
                    ("foreign", "Not ours"),
                ],
                default="unknown",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="database",
            name="schema_code",
            field=models.CharField(blank=True, help_text="why the last install or upgrade failed", max_length=40),
        ),
        migrations.AddField(
            model_name="database",
            name="schema_version",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="database",
            name="sealed",
            field=models.TextField(
                blank=True, help_text="everything but the name, encrypted; empty for the environment's"
            ),
        ),
        migrations.AddField(
            model_name="database",
            name="types_only",
            field=models.BooleanField(default=False, help_text="the Mathesar schema without its functions"),
        ),
        migrations.AddField(
            model_name="database",
            name="version",
            field=models.PositiveIntegerField(default=1, help_text="goes up with each change of the credentials"),
        ),
        migrations.AddField(
            model_name="database",
            name="wants_schema",
            field=models.BooleanField(default=True, help_text="install and upgrade the Mathesar schema here"),
        ),
        migrations.AlterField(
            model_name="database",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Not checked yet"),
                    ("connected", "Connected"),
                    ("schema_missing", "Schema missing"),
                    ("locked", "Locked"),
                    ("unreachable", "Cannot connect"),
                    ("configuration_error", "Configuration error"),
                    ("target_changed", "Another database answers"),
                    ("missing", "Variable is missing"),
                    ("detached", "Detached"),
                ],
                default="pending",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="database",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "pending",
                            "connected",
                            "schema_missing",
                            "locked",
                            "unreachable",
                            "configuration_error",
                            "target_changed",
                            "missing",
                            "detached",
                        ],
                    )
                ),
                name="database_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="database",
            constraint=models.CheckConstraint(
                condition=models.Q(("schema__in", ["unknown", "current", "outdated", "missing", "foreign"])),
                name="database_schema_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="database",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", "ui"), models.Q(("key_id", ""), ("sealed", "")), _connector="OR"),
                name="database_env_has_no_secret",
            ),
        ),
    ]
