"""`manage.py sequencer`: gives committed entries their numbers, for as long as it runs."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone

from portal.ledger.actions import sequence
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
                return sequence(at=timezone.now())
        except OperationalError as lost:
            self.stderr.write(f"The database is away ({lost.__class__.__name__}); trying again.")
            connection.close()
            return 0
