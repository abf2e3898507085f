from django.db import migrations

from portal.walls import Role
from portal.walls.sql import ANYONE, allow


class Migration(migrations.Migration):
    """What was supported, followed and reported under two accounts of one person comes under one."""

    dependencies = [("usecases", "0002_effect")]

    operations = [
        allow("usecases_support", Role.WORKER, "update", ANYONE),
        allow("usecases_follow", Role.WORKER, "update", ANYONE),
        allow("usecases_report", Role.WORKER, "update", ANYONE),
    ]
