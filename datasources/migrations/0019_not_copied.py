import uuid

import django.db.models.deletion
from django.db import migrations, models

from portal.walls.roles import Role
from portal.walls.sql import ANYONE, protect, theirs


class Migration(migrations.Migration):
    dependencies = [("datasources", "0018_editions")]

    operations = [
        migrations.CreateModel(
            name="NotCopied",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("since_at", models.DateTimeField()),
                ("until_sign_in", models.BooleanField(default=False)),
                (
                    "dataset",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="datasources.dataset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person_id", "dataset"), name="one_mark_per_person_and_dataset", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_sign_in", False), ("dataset", None), _connector="OR"),
                        name="who_left_is_not_copied_at_all",
                    ),
                ],
            },
        ),
        protect(
            "datasources_notcopied",
            {(Role.RESIDENT, "select"): theirs()}
            | {(Role.WORKER, command): ANYONE for command in ("select", "insert", "delete")},
        ),
    ]
