"""Make every current answer anew from its events, and say which rows differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consents.models import Consent
from consents.queries.rebuilding import astray
from portal.walls import Role, scope


class Command(BaseCommand):
    """Exit code 1 when a row is not what its events add up to. It changes nothing: a person looks first."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a consent that differs: its id and the names of what differs."""
        found = 0
        with scope(Role.WORKER):
            for each in astray():
                found += 1
                self.stderr.write(f"{each.consent}: {', '.join(each.names)}")
            total = Consent.objects.count()
        if found:
            raise CommandError(f"{found} of {total} permissions are not what their events add up to.")
        self.stdout.write(f"Permissions that are what their events add up to: {total}.")
