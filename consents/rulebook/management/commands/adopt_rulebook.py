"""`manage.py adopt_rulebook 1.0 --decision "1234/2026"`: this city keeps a version of the rulebook from now on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consents.rulebook.actions import adopt
from consents.rulebook.errors import RulebookFault
from consents.rulebook.reading import is_version
from portal.keys.errors import KeyMissing
from portal.ledger.actor import system
from portal.walls import Role, scope

_LONGEST = 100


class Command(BaseCommand):
    """Signs the version's digest with the city's key. Adopted already: nothing changes."""

    help = "Adopt a version of the rulebook, as the city has decided."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which version, and by which decision."""
        parser.add_argument("version")
        parser.add_argument("--decision", required=True, help="number of the decision in the city's case register")

    def handle(self, *args: Any, version: str, decision: str, **options: Any) -> None:
        """In one transaction with its entry in the log."""
        decision = decision.strip()
        if not 0 < len(decision) <= _LONGEST or not decision.isprintable():
            raise CommandError("Give the number of the decision, in at most 100 letters.")
        if not is_version(version):
            raise CommandError(f"{version} is no version of the rulebook; one reads as 1.0 does.")
        try:
            with scope(Role.STAFF, departments=["*"]):
                new = adopt(version, decision=decision, by=system("adopt_rulebook"), at=timezone.now())
        except KeyMissing as fault:
            raise CommandError(f"{fault} `manage.py rotate_signing_key rulebook` makes one.") from None
        except RulebookFault as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Adopted version {version}." if new else "Adopted already; nothing changed.")
