"""`manage.py sequencer`: gives committed entries their numbers, for as long as it runs."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone

from portal.ledger.actions import sequence
from portal.ledger.signals import numbering
from portal.walls import Role, scope


class Command(BaseCommand):
    """One process a city; a second one waits at the advisory lock and takes over."""

    help = "Number the log's entries as they are committed."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often to look."""
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="number what waits, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop until told to stop; a lost database is waited for."""
        stop = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            numbered = self._turn()
            if numbered == 0:
                if options["once"]:
                    return
                stop.wait(options["every"])

    def _turn(self) -> int:
        try:
            with scope(Role.WORKER):
                entries = sequence(at=timezone.now())
            # A fault with what else is numbered must not keep the log from its numbers.
            told = numbering.send_robust(sender=Command, at=timezone.now())
            return entries + sum(count if isinstance(count, int) else self._fault(count) for _, count in told)
        except OperationalError as lost:
            self.stderr.write(f"The database is away ({lost.__class__.__name__}); trying again.")
            connection.close()
            return 0

    def _fault(self, fault: Exception) -> int:
        self.stderr.write(f"Something could not be numbered ({fault.__class__.__name__}); trying again.")
        return 0
