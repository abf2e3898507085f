from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_pairwisesubject'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('own_index',), name='one_log_in_for_a_staff_member'),
        ),
    ]
