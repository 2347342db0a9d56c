"""The table of boats, with the two that were there first."""

from django.db import migrations, models


def moor(apps, schema_editor):
    boat = apps.get_model("boats", "Boat")
    boat.objects.bulk_create([boat(name="Eider", metres=9), boat(name="Grey Heron", metres=14)])


class Migration(migrations.Migration):
    initial = True
    dependencies = []  # noqa: RUF012 - as Django writes it
    operations = [  # noqa: RUF012 - as Django writes it
        migrations.CreateModel(
            name="Boat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("metres", models.PositiveSmallIntegerField()),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.RunPython(moor, migrations.RunPython.noop),
    ]
