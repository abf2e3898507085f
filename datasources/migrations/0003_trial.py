import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datasources", "0002_asking")]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("connection", "Test the connection"),
                            ("preview", "Preview five people"),
                            ("dry_run", "Dry run"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "under way"), ("done", "ended"), ("failed", "failed")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("report", models.JSONField(default=list)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="datasources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("source",),
                        name="one_trial_of_a_source_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "running"), ("ended_at__isnull", False), _connector="XOR"),
                        name="ended_trial_has_a_time",
                    ),
                ],
            },
        ),
    ]
