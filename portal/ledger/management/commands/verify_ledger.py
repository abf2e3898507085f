"""`manage.py verify_ledger`: the whole log, checked as an auditor would. Exit code 1 when anything is wrong."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.ledger.verification.whole import Report, verify


class Command(BaseCommand):
    """Reads everything, changes nothing; may run beside the portal at any time."""

    help = "Verify every entry of the log, its tree, its seals and the copies of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where copies lie, and how many processes to use."""
        parser.add_argument("--copies", type=Path, default=settings.CHECKPOINT_FOLDER, help="the folder of copies")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was checked, then each fault with its number."""
        folder: Path | None = options["copies"]
        if folder and not folder.is_dir():
            raise CommandError("The folder of copies is not there: without it nobody can tell whether all is there.")
        report = verify(at=timezone.now(), folder=folder, processes=max(1, options["processes"]))
        for line in _told(report, folder):
            self.stdout.write(line)
        for finding in report.findings:
            self.stdout.write(str(finding))
        if report.more:
            self.stdout.write(f"{report.more} more faults are not listed.")
        if report.findings:
            raise CommandError("The log does NOT hold. See docs/log.md for what to do now.")
        self.stdout.write("The log holds.")


def _told(report: Report, folder: Path | None) -> list[str]:
    lines = [f"{report.size} entries are numbered under {report.seals} seals; {report.checked} were hashed again."]
    lines += [f"Body expired: {count} entries of {month}." for month, count in sorted(report.expired.items())]
    if report.keyless:
        lines.append(f"Content can no longer be checked: {report.keyless} entries, whose keys have ended.")
    if folder:
        lines.append(f"{report.copies} copies of seals were compared.")
    else:
        lines.append("No copies of seals were compared: CHECKPOINT_FOLDER is not set.")
    return [*lines, *report.notes]
