from django.db import migrations

from portal.walls.roles import Role
from portal.walls.sql import among_lookups, among_persons, looked_up, theirs


def _policies(person: str, subject: str, kept: str) -> str:
    return f"""
        ALTER POLICY "api_select" ON people_person TO {Role.API} USING ({person});
        ALTER POLICY "api_select" ON people_pairwisesubject TO {Role.API} USING ({subject});
        ALTER POLICY "api_insert" ON people_pairwisesubject TO {Role.API} WITH CHECK ({kept});
    """


class Migration(migrations.Migration):
    """A department asks about a thousand people at once: each row read the whole list of a thousand anew."""

    dependencies = [
        ('people', '0007_staff_know_rights'),
    ]

    operations = [
        migrations.RunSQL(
            _policies(among_lookups(), among_lookups("subject"), among_persons()),
            _policies(looked_up(), looked_up("subject"), theirs()),
        ),
    ]
