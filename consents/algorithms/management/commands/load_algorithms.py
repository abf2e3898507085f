"""`manage.py load_algorithms`: publish the city's register of algorithms; before the purposes that name its entries."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consents.algorithms.catalogue import AlgorithmFault, load
from portal.ledger.actor import system
from portal.walls import Role, scope

_CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"


class Command(BaseCommand):
    """Idempotent: an entry that did not change is not published again. A city without a file has none."""

    help = "Load and publish this city's register of algorithms."

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        path = _CATALOGUE / settings.CITY / "algorithms.toml"
        if not path.is_file():
            self.stdout.write("This city has no file of algorithms.")
            return
        try:
            with scope(Role.STAFF, departments=["*"]):
                new = load(path, by=system("load_algorithms"), at=timezone.now())
        except AlgorithmFault as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Published {new} new entries." if new else "Nothing changed.")
