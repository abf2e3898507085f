import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consents', '0012_room_to_be_told'),
        ('datasources', '0017_in_plain_words'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='delivery',
            options={'ordering': ['-id'], 'verbose_name': 'message to a webhook', 'verbose_name_plural': 'messages to webhooks'},
        ),
        migrations.AlterModelOptions(
            name='purpose',
            options={'ordering': ['slug'], 'verbose_name': 'purpose', 'verbose_name_plural': 'purposes'},
        ),
        migrations.AlterModelOptions(
            name='purposetext',
            options={'ordering': ['purpose', '-version'], 'verbose_name': 'text of a purpose', 'verbose_name_plural': 'texts of purposes'},
        ),
        migrations.AlterModelOptions(
            name='telling',
            options={'ordering': ['id'], 'verbose_name': 'change that a system is told', 'verbose_name_plural': 'changes that systems are told'},
        ),
        migrations.AlterModelOptions(
            name='webhook',
            options={'ordering': ['department', 'system', 'created_at'], 'verbose_name': 'webhook', 'verbose_name_plural': 'webhooks'},
        ),
        migrations.AlterField(
            model_name='delivery',
            name='attempts',
            field=models.PositiveIntegerField(default=0, verbose_name='Times tried'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='id',
            field=models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False, verbose_name='Number of the message'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='made_at',
            field=models.DateTimeField(verbose_name='Made'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='status',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='Last answer'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='tried_at',
            field=models.DateTimeField(null=True, verbose_name='Last tried'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='consents.webhook', verbose_name='Webhook'),
        ),
        migrations.AlterField(
            model_name='purpose',
            name='basis',
            field=models.CharField(choices=[('a', 'your permission'), ('b', 'a contract with you'), ('c', 'the law requires it'), ('d', 'vital interests'), ('e', 'a task in the public interest'), ('f', 'legitimate interest')], max_length=1, verbose_name='Legal basis'),
        ),
        migrations.AlterField(
            model_name='purpose',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Closed'),
        ),
        migrations.AlterField(
            model_name='purpose',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purposes', to='datasources.department', verbose_name='Department'),
        ),
        migrations.AlterField(
            model_name='purpose',
            name='nature',
            field=models.CharField(choices=[('consent', 'A permission to use data'), ('secrecy', 'A permission to pass on secret data'), ('both', 'Both'), ('law', 'None: the use rests on law or contract')], max_length=8, verbose_name='What the permission is'),
        ),
        migrations.AlterField(
            model_name='purpose',
            name='slug',
            field=models.SlugField(max_length=60, unique=True, verbose_name='Short name'),
        ),
        migrations.AlterField(
            model_name='purpose',
            name='valid_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='How many days it lasts'),
        ),
        migrations.AlterField(
            model_name='purposetext',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Published'),
        ),
        migrations.AlterField(
            model_name='purposetext',
            name='purpose',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='consents.purpose', verbose_name='Purpose'),
        ),
        migrations.AlterField(
            model_name='purposetext',
            name='sha256',
            field=models.CharField(max_length=64, verbose_name='Fingerprint (SHA-256)'),
        ),
        migrations.AlterField(
            model_name='purposetext',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('linted', 'waits for approval'), ('approved', 'approved'), ('published', 'published'), ('superseded', 'replaced'), ('closed', 'closed')], default='draft', max_length=10, verbose_name='State'),
        ),
        migrations.AlterField(
            model_name='purposetext',
            name='version',
            field=models.PositiveSmallIntegerField(verbose_name='Version'),
        ),
        migrations.AlterField(
            model_name='telling',
            name='acknowledged_at',
            field=models.DateTimeField(null=True, verbose_name='Acted on'),
        ),
        migrations.AlterField(
            model_name='telling',
            name='department',
            field=models.CharField(max_length=60, verbose_name='Department'),
        ),
        migrations.AlterField(
            model_name='telling',
            name='due_at',
            field=models.DateTimeField(verbose_name='To be acted on by'),
        ),
        migrations.AlterField(
            model_name='telling',
            name='system',
            field=models.CharField(max_length=120, verbose_name='System'),
        ),
        migrations.AlterField(
            model_name='telling',
            name='told_at',
            field=models.DateTimeField(null=True, verbose_name='Told'),
        ),
        migrations.AlterField(
            model_name='webhook',
            name='contact_email',
            field=models.CharField(max_length=254, verbose_name='E-mail of its keeper'),
        ),
        migrations.AlterField(
            model_name='webhook',
            name='department',
            field=models.CharField(max_length=60, verbose_name='Department'),
        ),
        migrations.AlterField(
            model_name='webhook',
            name='system',
            field=models.CharField(max_length=120, verbose_name='System'),
        ),
    ]
