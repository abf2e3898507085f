"""`manage.py withdraw_signing_key KID --since 2026-11-30T08:00:00+02:00`: a key of packages is in other hands."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.keys.errors import KeyMissing, RingElsewhere
from portal.keys.ring_file import withdraw_signing_key


class Command(BaseCommand):
    """Other cities read it in the key set: what it signed from then on is refused, what it signed before is marked."""

    help = "Withdraw a signing key of packages after a breach. When it is the newest, a new one signs from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which key, and since when."""
        parser.add_argument("kid", help="as /.well-known/jwks.json names it; behind -- when it begins with a dash")
        parser.add_argument("--since", type=datetime.fromisoformat, help="a moment with its offset; now when not told")

    def handle(self, *args: Any, **options: Any) -> None:
        """In one step, and published at once."""
        at = timezone.now()
        since: datetime = options["since"] or at
        if since.tzinfo is None or since > at:
            raise CommandError("--since is a moment that has been, with its offset: 2026-11-30T08:00:00+02:00.")
        try:
            newest = withdraw_signing_key(settings.KEY_RING_FILE, options["kid"], since=since, at=at)
        except FileExistsError:
            fault = f"{settings.KEY_RING_FILE}.new is there: another rotation runs, or was broken off."
            raise CommandError(fault) from None
        except (KeyMissing, RingElsewhere) as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{options['kid']} is withdrawn since {since.isoformat()}.")
        if newest:
            self.stdout.write(f"packages are signed with the key {newest} from now on.")
