from django.db import migrations

from portal.walls.roles import Role
from portal.walls.sql import ANYONE, allow


class Migration(migrations.Migration):
    """Requests of two accounts that are one person go on under one: what stands sealed is sealed anew."""

    dependencies = [
        ('requests', '0007_packages'),
    ]

    operations = [
        allow("requests_proposal", Role.WORKER, "update", ANYONE),
        allow("requests_partfile", Role.WORKER, "update", ANYONE),
    ]
