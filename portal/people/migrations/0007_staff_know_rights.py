"""At a service point the rights to act for the person who is open are looked at as on the web."""

from django.db import migrations

from portal.walls.sql import theirs


class Migration(migrations.Migration):
    dependencies = [("people", "0006_workers_name_subjects")]

    operations = [
        migrations.RunSQL(
            f'CREATE POLICY "staff_select" ON people_actingright FOR SELECT TO mydata_staff USING ({theirs()});',
            'DROP POLICY "staff_select" ON people_actingright;',
        )
    ]
