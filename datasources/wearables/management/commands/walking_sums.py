"""`manage.py walking_sums`: steps of many people together, as CSV, for whoever plans walking routes."""

import csv
from typing import Any

from django.core.management.base import BaseCommand

from datasources.wearables.models import WalkingSum


class Command(BaseCommand):
    """One row a week and area, the whole city's with an empty area; nobody is in it."""

    help = "Print the published weekly sums of steps as CSV."

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output."""
        rows = csv.writer(self.stdout, lineterminator="\n")
        rows.writerow(["week", "area", "people", "steps"])
        rows.writerows(WalkingSum.objects.values_list("week", "area", "people", "steps"))
