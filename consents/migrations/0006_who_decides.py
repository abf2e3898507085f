import django.contrib.postgres.fields
from django.db import migrations, models

import consents.models.purposes

# Purposes were written before: none takes away the voice that a child of fifteen has by law, and what uses data of
# special categories goes on being reminded of twice. Rows of the owner are hidden from it too.
_IN_LINE = """
ALTER TABLE consents_purpose NO FORCE ROW LEVEL SECURITY;
ALTER TABLE consents_purpose DISABLE ROW LEVEL SECURITY;
UPDATE consents_purpose SET child_decides_from = 15 WHERE child_decides_from > 15;
UPDATE consents_purpose SET remind_days = '{30,7}' WHERE special_category;
ALTER TABLE consents_purpose ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents_purpose FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("consents", "0005_receipts")]

    operations = [
        migrations.RenameField(model_name="purpose", old_name="minimum_age", new_name="child_decides_from"),
        migrations.AlterField(
            model_name="purpose",
            name="child_decides_from",
            field=models.PositiveSmallIntegerField(default=13),
        ),
        migrations.AddField(
            model_name="purpose",
            name="guardian_too",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="purpose",
            name="adults_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="purpose",
            name="remind_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=consents.models.purposes.usual_reminders,
                size=None,
            ),
        ),
        migrations.RunSQL(_IN_LINE, migrations.RunSQL.noop),
    ]
