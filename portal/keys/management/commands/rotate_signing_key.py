"""`manage.py rotate_signing_key receipts`: sign with a new key; what is signed already verifies for ever."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.keys.errors import RingElsewhere
from portal.keys.ring_file import ROTATED, rotate_signing_key


class Command(BaseCommand):
    """Writes the key ring anew: older private halves are gone from it, their public halves stay in the key set."""

    help = "Make a new signing key. Renew the key ring's backups too: they still hold the older private key."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which key."""
        parser.add_argument("name", choices=ROTATED)

    def handle(self, *args: Any, **options: Any) -> None:
        """One new key, in one step."""
        try:
            kid = rotate_signing_key(settings.KEY_RING_FILE, options["name"], at=timezone.now())
        except FileExistsError:
            fault = f"{settings.KEY_RING_FILE}.new is there: another rotation runs, or was broken off."
            raise CommandError(fault) from None
        except RingElsewhere as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{options['name']} are signed with the key {kid} from now on.")
