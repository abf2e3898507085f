"""`manage.py load_catalogue`: bring the city's catalogue files into the database."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from datasources.catalogue.files import CatalogueFault
from datasources.catalogue.loader import load
from portal.cities import CityFault, city_folder
from portal.ledger.actor import system
from portal.walls import Role, scope

_BY = system("load_catalogue")


class Command(BaseCommand):
    """Idempotent: says what changed, or that nothing did."""

    help = "Load the catalogue of this city."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the department systems are stands in a file of its own, for it holds secrets."""
        parser.add_argument("--sources", type=Path, help="JSON: {source: {settings, secrets}}")

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        reach = json.loads(options["sources"].read_text()) if options["sources"] else {}
        try:
            with scope(Role.STAFF, departments=["*"]):
                changes = load(city_folder(settings.CITY), reach=reach, by=_BY, at=timezone.now())
        except (CatalogueFault, CityFault) as fault:
            raise CommandError(str(fault)) from None
        if changes.left:
            self.stdout.write(f"Left as their keepers have them: {', '.join(sorted(changes.left))}.")
        if changes:
            self.stdout.write(f"Added {changes.added}, changed {changes.changed}, retired {changes.retired}.")
        else:
            self.stdout.write("Nothing changed.")
