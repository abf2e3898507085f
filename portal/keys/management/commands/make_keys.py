"""`manage.py make_keys`: a new key ring, written once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.keys.errors import RingElsewhere
from portal.keys.ring_file import make_ring


class Command(BaseCommand):
    """Writes the file named by KEY_RING_FILE; refuses to overwrite one."""

    help = "Make a key ring. Keep it, and its backup, apart from the database and its backups."

    def handle(self, *args: Any, **options: Any) -> None:
        """One file, mode 600."""
        try:
            make_ring(settings.KEY_RING_FILE)
        except FileExistsError:
            raise CommandError(f"{settings.KEY_RING_FILE} is there already; it was left as it is.") from None
        except RingElsewhere as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"Made {settings.KEY_RING_FILE}.")
