from django.db import migrations

from portal.walls.roles import Role
from portal.walls.sql import ANYONE

_POLICIES = "\n".join(
    f'CREATE POLICY "worker_{command}" ON people_pairwisesubject FOR {command.upper()} TO {Role.WORKER} '
    f"{'USING' if command == 'select' else 'WITH CHECK'} ({ANYONE});"
    for command in ("select", "insert")
)
_UNDO = "\n".join(f'DROP POLICY "worker_{command}" ON people_pairwisesubject;' for command in ("select", "insert"))


class Migration(migrations.Migration):
    """Whoever numbers announcements names their subjects to departments that have not named them yet."""

    dependencies = [
        ('people', '0005_right_by_age'),
    ]

    operations = [
        migrations.RunSQL(_POLICIES, _UNDO),
    ]
