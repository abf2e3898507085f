"""`manage.py load_usecases`: bring in the city's use cases."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consents.usecases.loader import CaseFault, load
from portal.cities import city_file
from portal.ledger.actor import system
from portal.walls import Role, scope

_CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"


class Command(BaseCommand):
    """Idempotent: what did not change, or was changed by staff, is left as it is."""

    help = "Load the use cases of this city."

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing; a city without a file has no cases yet."""
        path = city_file(settings.CITY, "usecases.toml", catalogue=_CATALOGUE)
        if not path.is_file():
            self.stdout.write("This city has no file of use cases.")
            return
        try:
            with scope(Role.STAFF, departments=["*"]):
                new = load(path, by=system("load_usecases"), at=timezone.now())
        except CaseFault as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Loaded {new} use cases." if new else "Nothing changed.")
