"""Doorbells."""

from importlib import import_module
from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system


@job("algorithms.count_evaluation")
def count_evaluation(*, evaluation_id: str) -> None:
    """A file was brought."""
    # Web processes know the task by its name; fairlearn and what it needs are loaded by the worker that counts.
    working = import_module("consents.algorithms.fairness.working")
    working.count_file(UUID(evaluation_id), by=system("algorithms.count_evaluation"), at=timezone.now())
