import uuid

import django.db.models.deletion
from django.db import migrations, models

from portal.walls.roles import Role
from portal.walls.sql import ANYONE, protect, theirs


class Migration(migrations.Migration):
    dependencies = [("datasources", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Asking",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="askings",
                        to="datasources.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person_id", "source"), name="one_asking_per_person_and_source"
                    )
                ],
            },
        ),
        protect(
            "datasources_asking",
            {(Role.RESIDENT, command): theirs() for command in ("select", "insert", "update")}
            | {(Role.WORKER, command): ANYONE for command in ("select", "update", "delete")},
        ),
    ]
