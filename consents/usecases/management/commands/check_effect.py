"""`manage.py check_effect`: compare counted uses with the log itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consents.usecases.queries.uses import compared
from portal.walls import Role, scope


class Command(BaseCommand):
    """Reads every numbered entry again; exit code 1 and each odd month when counts are not what the log says."""

    help = "Count the uses of data anew from the log, and compare."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a month that differs."""
        with scope(Role.WORKER):
            found = compared()
        if found.unreadable_before:
            self.stdout.write(
                f"Months before {found.unreadable_before:%Y-%m} are not compared: their entries are gone."
            )
        for purpose, kind, month, ours, log in found.odd:
            self.stdout.write(f"{month:%Y-%m} {purpose} {kind}: counted {ours}, in the log {log}")
        if found.odd:
            raise CommandError(f"{len(found.odd)} months are not what the log says.")
        self.stdout.write(f"Counts are what {found.looked_at} entries of the log say.")
