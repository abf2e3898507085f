from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rest', '0003_clients'),
    ]

    operations = [
        migrations.AlterField(
            model_name='client',
            name='department',
            field=models.SlugField(max_length=60, verbose_name='Department'),
        ),
        migrations.AlterField(
            model_name='client',
            name='name',
            field=models.CharField(max_length=120, verbose_name='Name'),
        ),
        migrations.AlterField(
            model_name='client',
            name='switched_on',
            field=models.BooleanField(default=True, verbose_name='Switched on'),
        ),
    ]
