import uuid

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_row(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the one row, with a random id of its own."""
    apps.get_model("setup", "Installation").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    initial = True

    dependencies = []  # noqa: RUF012 - Django's form

    operations = [  # noqa: RUF012 - Django's form
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("install_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="installation_is_one")],
            },
        ),
        migrations.RunPython(make_row, migrations.RunPython.noop),
    ]
