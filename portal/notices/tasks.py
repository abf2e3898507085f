"""Doorbells."""

from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.notices.actions import sending, tidying, writing
from portal.walls import Role, scope


@job("notices.write_letter")
def write_letter(*, notice_id: str) -> None:
    """The letter about something that waits for no digest."""
    with scope(Role.WORKER):
        writing.write_letter(UUID(notice_id), by=system("notices.write_letter"), at=timezone.now())


@job("notices.send_letter", queue="interactive")
def send_letter(*, letter_id: str) -> None:
    """One letter to one person."""
    sending.send_letter(UUID(letter_id), by=system("notices.send_letter"), at=timezone.now())


@job("notices.write_digests")
def write_digests() -> None:
    """Every day, by beat: for those whose month has come. A transaction a batch."""
    after: UUID | None = writing.FIRST
    while after is not None:
        with scope(Role.WORKER):
            after = writing.write_digests(after=after, by=system("notices.write_digests"), at=timezone.now())


@job("notices.ring_unsent")
def ring_unsent() -> None:
    """Every hour, by beat: no letter is forgotten because a job was."""
    rung = 1
    while rung:
        with scope(Role.WORKER):
            rung = sending.ring_unsent(by=system("notices.ring_unsent"), at=timezone.now())


@job("notices.tidy")
def tidy() -> None:
    """Every night, by beat."""
    gone = 1
    while gone:
        with scope(Role.WORKER):
            gone = tidying.tidy(by=system("notices.tidy"), at=timezone.now())
