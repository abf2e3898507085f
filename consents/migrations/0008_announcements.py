import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from portal.walls.roles import Role
from portal.walls.sql import ANYONE, of_departments, protect, theirs

# What no system has acted on yet is announced anew, and told again by its new row: twice rather than never.
_ANNOUNCE_WHAT_WAITS = """
ALTER TABLE consents_consentevent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE consents_consent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE consents_telling NO FORCE ROW LEVEL SECURITY;
INSERT INTO consents_announcement (id, department, kind, person_id, purpose, consent, datasets, happened_at,
                                   due_at)
SELECT event.id, consent.recipient,
       CASE event.state WHEN 'given' THEN 'consent.changed' WHEN 'suspended' THEN 'consent.restricted'
                        WHEN 'expired' THEN 'consent.expired' WHEN 'superseded' THEN 'consent.superseded'
                        WHEN 'requested' THEN 'consent.superseded' WHEN 'pending' THEN 'consent.superseded'
                        WHEN 'terminated' THEN 'consent.terminated' ELSE 'consent.withdrawn' END,
       event.person_id, purpose.slug, consent.id, event.datasets, event.at, event.at + interval '7 days'
FROM consents_consentevent AS event
JOIN consents_consent AS consent ON consent.id = event.consent_id
JOIN consents_purpose AS purpose ON purpose.id = consent.purpose_id
WHERE event.id IN (SELECT event_id FROM consents_telling WHERE acknowledged_at IS NULL);
ALTER TABLE consents_telling FORCE ROW LEVEL SECURITY;
ALTER TABLE consents_consent FORCE ROW LEVEL SECURITY;
ALTER TABLE consents_consentevent FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consents', '0007_desk_and_ages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(null=True, unique=True)),
                ('numbered_at', models.DateTimeField(null=True)),
                ('department', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('consent.given', 'permission given'), ('consent.renewed', 'permission renewed'), ('consent.changed', 'permission changed'), ('consent.withdrawn', 'permission taken back'), ('consent.expired', 'permission ended'), ('consent.superseded', 'permission replaced'), ('consent.restricted', 'permission on hold'), ('consent.resumed', 'permission on again'), ('consent.terminated', 'permission ended by the city'), ('data.restricted', 'use of data restricted'), ('data.freed', 'use of data free again'), ('data.erased', 'data erased'), ('data.corrected', 'data corrected')], max_length=24)),
                ('person_id', models.UUIDField()),
                ('subject', models.BinaryField(max_length=16, null=True)),
                ('purpose', models.CharField(blank=True, max_length=60)),
                ('consent', models.UUIDField(null=True)),
                ('datasets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('happened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.RunSQL(_ANNOUNCE_WHAT_WAITS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='announcement',
            index=models.Index(fields=['department', 'number'], name='announcement_feed'),
        ),
        migrations.AddIndex(
            model_name='announcement',
            index=models.Index(condition=models.Q(('number', None)), fields=['happened_at', 'id'], name='announcement_waits'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('numbered_at', None)), models.Q(('number__isnull', False), ('numbered_at__isnull', False)), _connector='OR'), name='numbered_announcement_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(('subject', None), Exact(Length('subject'), 16), _connector='OR'), name='announcement_names_its_subject_by_16_bytes'),
        ),
        protect(
            "consents_announcement",
            {(role, "insert"): theirs() for role in (Role.RESIDENT, Role.STAFF, Role.API)}
            | {(Role.RESIDENT, "select"): theirs()}
            | {(role, "select"): of_departments() for role in (Role.STAFF, Role.API)}
            | {(Role.WORKER, command): ANYONE for command in ("select", "insert", "update")},
        ),
        migrations.DeleteModel(name='Telling'),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='consents.announcement')),
                ('person_id', models.UUIDField()),
                ('department', models.CharField(max_length=60)),
                ('client', models.UUIDField()),
                ('system', models.CharField(max_length=120)),
                ('due_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [
                    models.Index(condition=models.Q(('acknowledged_at', None)), fields=['client', 'announcement'], name='telling_waits'),
                    models.Index(condition=models.Q(('acknowledged_at', None)), fields=['due_at'], name='telling_is_late'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('announcement', 'client'), name='one_telling_of_a_change_to_a_system'),
                    models.CheckConstraint(condition=models.Q(('acknowledged_at', None), ('told_at__isnull', False), _connector='OR'), name='acknowledged_telling_was_told'),
                ],
            },
        ),
        protect(
            "consents_telling",
            {(Role.RESIDENT, "select"): theirs()}
            | {(role, "select"): of_departments() for role in (Role.STAFF, Role.API)}
            | {(Role.API, "update"): of_departments()}
            | {(Role.WORKER, command): ANYONE for command in ("select", "insert", "update")},
        ),
    ]
