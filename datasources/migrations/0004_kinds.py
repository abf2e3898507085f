from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datasources", "0003_trial")]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                max_length=8,
                choices=[
                    ("sql", "database"),
                    ("rest", "web interface"),
                    ("files", "files"),
                    ("gdpr_api", "interface for personal data (GDPR API)"),
                    ("xroad", "data exchange layer (X-Road)"),
                ],
            ),
        ),
    ]
