from datetime import UTC, datetime

from django.db import migrations, models

# Whatever was read before is read whole the next time.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Migration(migrations.Migration):
    dependencies = [("datasources", "0006_changes")]

    operations = [
        migrations.AddField("reading", "swept_at", models.DateTimeField(default=LONG_AGO), preserve_default=False),
        migrations.AddField("reading", "watermark", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField(
            "reading", "mapping_version", models.PositiveIntegerField(default=0), preserve_default=False
        ),
    ]
