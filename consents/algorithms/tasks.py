"""Doorbells."""

from uuid import UUID

from django.utils import timezone

from consents.algorithms.fairness.working import count_file
from portal.jobs.tasks import job
from portal.ledger.actor import system


@job("algorithms.count_evaluation")
def count_evaluation(*, evaluation_id: str) -> None:
    """A file was brought."""
    count_file(UUID(evaluation_id), by=system("algorithms.count_evaluation"), at=timezone.now())
