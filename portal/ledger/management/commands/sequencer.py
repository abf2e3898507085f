"""`manage.py sequencer`: numbers committed entries, seals them and copies the seals out, for as long as it runs."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone

from portal.ledger.actions import sequence
from portal.ledger.copies import check_against_copies, copy_newest, places
from portal.ledger.signals import numbering
from portal.ledger.tiles import TreeBroken
from portal.walls import Role, scope

# Seconds between two copies, and before another try to seal what cannot be sealed.
_COPY_EVERY = 10.0
_BROKEN_PAUSE = 10.0


class Command(BaseCommand):
    """One process a city; a second one waits at the advisory lock and takes over."""

    help = "Number and seal the log's entries as they are committed."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often to look."""
        parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="number what waits, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop until told to stop; a lost database is waited for."""
        stop = threading.Event()
        self._compared, self._refused = False, ""
        if options["once"]:
            while self._turn():
                pass
            copy_newest(at=timezone.now())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        copier = threading.Thread(target=self._copy, args=(stop,), daemon=True)
        copier.start()
        while not stop.is_set():
            if self._turn() == 0:
                stop.wait(_BROKEN_PAUSE if self._refused else options["every"])
        copier.join(_COPY_EVERY)

    def _turn(self) -> int:
        try:
            entries = self._sealed()
            # A fault with what else is numbered must not keep the log from its numbers, nor a fault of the log it.
            told = numbering.send_robust(sender=Command, at=timezone.now())
            return entries + sum(count if isinstance(count, int) else self._fault(count) for _, count in told)
        except OperationalError as lost:
            self.stderr.write(f"The database is away ({lost.__class__.__name__}); trying again.")
            connection.close()
            return 0

    def _sealed(self) -> int:
        try:
            with scope(Role.WORKER):
                if not self._compared:
                    # A database that was put back must not be sealed into another log than was told outside.
                    check_against_copies()
                self._compared = True
                numbered = sequence(at=timezone.now())
        except TreeBroken as broken:
            if str(broken) != self._refused:
                self.stderr.write(f"Nothing is sealed: {broken} Run verify_ledger; see docs/log.md.")
            self._refused = str(broken)
            return 0
        self._refused = ""
        return numbered

    def _copy(self, stop: threading.Event) -> None:
        # Beside the numbering, and on a connection of its own: a slow place holds nothing up.
        try:
            while places() and not stop.wait(_COPY_EVERY):
                try:
                    copy_newest(at=timezone.now())
                except OperationalError:
                    connection.close()
        finally:
            connection.close()

    def _fault(self, fault: Exception) -> int:
        self.stderr.write(f"Something could not be numbered ({fault.__class__.__name__}); trying again.")
        return 0
