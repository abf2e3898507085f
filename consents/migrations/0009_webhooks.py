import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
import uuid_utils.compat
from django.db import migrations, models

from portal.walls.roles import Role
from portal.walls.sql import ANYONE, of_departments, protect


class Migration(migrations.Migration):

    dependencies = [
        ('consents', '0008_announcements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('client', models.UUIDField()),
                ('system', models.CharField(max_length=120)),
                ('department', models.CharField(max_length=60)),
                ('url', models.CharField(max_length=500)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('consent.given', 'permission given'), ('consent.renewed', 'permission renewed'), ('consent.changed', 'permission changed'), ('consent.withdrawn', 'permission taken back'), ('consent.expired', 'permission ended'), ('consent.superseded', 'permission replaced'), ('consent.restricted', 'permission on hold'), ('consent.resumed', 'permission on again'), ('consent.terminated', 'permission ended by the city'), ('data.restricted', 'use of data restricted'), ('data.freed', 'use of data free again'), ('data.erased', 'data erased'), ('data.corrected', 'data corrected')], max_length=24), default=list, size=None)),
                ('contact_email', models.CharField(max_length=254)),
                ('sealed_secret', models.BinaryField()),
                ('older_secret', models.BinaryField(null=True)),
                ('older_until_at', models.DateTimeField(null=True)),
                ('switched_on', models.BooleanField(default=True)),
                ('switched_off_because', models.CharField(blank=True, choices=[('system', 'by the department system'), ('staff', 'by staff'), ('gone', 'the address said that it is gone'), ('failing', 'nothing was delivered for a week')], default='', max_length=8)),
                ('switched_off_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('last_success_at', models.DateTimeField(null=True)),
                ('failing_since_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('resting_until_at', models.DateTimeField(null=True)),
                ('leased_until_at', models.DateTimeField(null=True)),
                ('rung_for_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['department', 'system', 'created_at'],
                'indexes': [models.Index(fields=['client'], name='webhook_of_a_system'), models.Index(condition=models.Q(('switched_on', True)), fields=['department'], name='webhook_listens')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('switched_off_at', None), ('switched_off_because', ''), ('switched_on', True)), models.Q(('switched_off_at__isnull', False), ('switched_on', False), models.Q(('switched_off_because', ''), _negated=True)), _connector='OR'), name='webhook_that_is_off_says_why_and_since_when'), models.CheckConstraint(condition=models.Q(models.Q(('older_secret', None), ('older_until_at', None)), models.Q(('older_secret__isnull', False), ('older_until_at__isnull', False)), _connector='OR'), name='older_secret_of_a_webhook_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('department', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=24)),
                ('made_at', models.DateTimeField()),
                ('wanted_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('took_ms', models.PositiveIntegerField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('fault', models.CharField(blank=True, default='', max_length=12)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('announcement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consents.announcement')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='consents.webhook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('delivered_at', None), ('given_up_at', None)), fields=['webhook', 'due_at'], name='delivery_waits'), models.Index(fields=['webhook', '-id'], name='delivery_log'), models.Index(fields=['made_at'], name='delivery_is_old')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('announcement__isnull', False)), fields=('webhook', 'announcement'), name='a_webhook_is_told_of_a_change_by_one_message'), models.CheckConstraint(condition=models.Q(('delivered_at', None), ('given_up_at', None), _connector='OR'), name='delivery_is_delivered_or_given_up_not_both')],
            },
        ),
        protect(
            "consents_webhook",
            {(Role.API, command): of_departments() for command in ("select", "insert", "update", "delete")}
            | {(Role.STAFF, command): of_departments() for command in ("select", "update")}
            | {(Role.WORKER, command): ANYONE for command in ("select", "update")},
        ),
        protect(
            "consents_delivery",
            {(Role.API, command): of_departments() for command in ("select", "insert", "update", "delete")}
            | {(Role.STAFF, "select"): of_departments()}
            | {(Role.WORKER, command): ANYONE for command in ("select", "insert", "update", "delete")},
        ),
    ]
