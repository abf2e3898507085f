"""`manage.py rotate_keys wrap`: a new version of a ring key, and everything moved to it while the portal runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.keys.errors import KeyMissing, RingElsewhere, TooEarly
from portal.keys.ring import LOOK_EVERY
from portal.ledger.actor import system
from portal.privacy import key_changes
from portal.privacy.key_changes import CHANGEABLE, RowsLeft

_BATCH = 5000


class Command(BaseCommand):
    """Adds a version, moves all rows, and says how many are left. Broken off, it is run again and goes on."""

    help = "Change a key of the ring. Back the key ring up before and after, apart from the database (docs/keys.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which key, and whether older versions are to be forgotten."""
        parser.add_argument("name", choices=CHANGEABLE)
        parser.add_argument("--batch", type=int, default=_BATCH, help="rows a transaction")
        parser.add_argument(
            "--forget", action="store_true", help="two hours later: take older versions out of the ring"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One step of the two."""
        try:
            (self._forget if options["forget"] else self._change)(options["name"], options["batch"])
        except FileExistsError as fault:
            raise CommandError(f"{fault.filename} is there: another change runs, or was broken off.") from None
        except (KeyMissing, RingElsewhere, TooEarly, RowsLeft) as fault:
            raise CommandError(str(fault)) from None

    def _change(self, name: str, batch: int) -> None:
        by = system("privacy.rotate_keys")
        if key_changes.must_add(name):
            version = key_changes.add(name, by=by, at=timezone.now())
            self.stdout.write(f"{name}: version {version} is in use.")
            # By then every process has looked at the file again, and nobody writes under the older version.
            time.sleep(2 * LOOK_EVERY)
        else:
            self.stdout.write(f"{name}: going on with a change that was begun.")
        for rows, moved in key_changes.move(name, batch=batch, by=by, at=timezone.now()):
            self.stdout.write(f"{name}: {rows.what}: {moved} moved")
        for rows, count in key_changes.left(name, at=timezone.now()):
            self.stdout.write(f"{name}: {rows.what}: {count} rows on older versions{f'; {rows.why}' * bool(count)}")

    def _forget(self, name: str, batch: int) -> None:
        key_changes.forget(name, by=system("privacy.rotate_keys"), at=timezone.now())
        self.stdout.write(f"{name}: nothing lies on an older version; no older version is looked for any more.")
