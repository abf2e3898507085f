"""Doorbells."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.requests.life import closing, hearing, moving, waiting


@job("life.mind")
def mind() -> None:
    """Every ten minutes, by beat: what the population register told (deaths, moves, codes); accounts that are shut."""
    closing.close_told(by=system("life.mind"), at=timezone.now())
    hearing.hear_codes(by=system("life.mind"), at=timezone.now())
    moving.follow_moves(by=system("life.mind"), at=timezone.now())
    waiting.mind_shut(by=system("life.mind"), at=timezone.now())


@job("life.write_of_shut")
def write_of_shut(*, change_id: str, noted_at: str) -> None:
    """An account is shut for a week, or opened by itself."""
    waiting.write_of_shut(UUID(change_id), datetime.fromisoformat(noted_at), at=timezone.now())


@job("life.remove_held")
def remove_held() -> None:
    """Every night, by beat: copies that the law held."""
    closing.remove_what_was_held(by=system("life.remove_held"), at=timezone.now())
