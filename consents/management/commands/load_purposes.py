"""`manage.py load_purposes`: publish the city's purposes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consents.catalogue.loader import PurposeFault, load, purposes_of
from portal.cities import CityFault
from portal.ledger.actor import system
from portal.walls import Role, scope


class Command(BaseCommand):
    """Idempotent: a text that did not change is not published again."""

    help = "Load and publish the purposes of this city."

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        try:
            with scope(Role.STAFF, departments=["*"]):
                new = load(purposes_of(settings.CITY), by=system("load_purposes"), at=timezone.now())
        except (PurposeFault, CityFault) as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Published {new} new texts." if new else "Nothing changed.")
