"""Erase again, after a restore, what was erased since the backup was made."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.ledger.actor import system
from portal.requests.erasing.errors import FileBroken
from portal.requests.erasing.replaying import replay


class Command(BaseCommand):
    """Before the portal is opened: it does not start while erasures are missing (docs/erasure.md)."""

    help = "Erase again what the file of erasures tells of and the restored database does not know."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Idempotent, and resumes."""
        try:
            count = replay(options["file"], by=system("replay_erasures"), at=timezone.now())
        except FileBroken:
            raise CommandError("The file is not as the portal signed it. Nothing was erased by it.") from None
        except OSError as fault:
            raise CommandError(f"The file cannot be read: {type(fault).__name__}.") from None
        self.stdout.write(f"Erased again: {count}.")
