"""Doorbells."""

from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.requests.erasing import holding, running, systems
from portal.requests.erasing.ledger_file import copy_out as write_file


@job("erasing.rehearse", queue="interactive")
def rehearse(*, plan_id: str) -> None:
    """Ask the systems what an erasure would do."""
    systems.rehearse_plan(UUID(plan_id), at=timezone.now())


@job("erasing.run", queue="interactive")
def run(*, request_id: str) -> None:
    """Bring an erasure further."""
    running.run_erasure(UUID(request_id), by=system("erasing.run"), at=timezone.now())


@job("erasing.copy_out")
def copy_out() -> None:
    """Write what was erased outside of the database."""
    write_file()


@job("erasing.mind")
def mind() -> None:
    """Ring what was lost, and write what was not written."""
    holding.end_old_holds(at=timezone.now())
    running.ring_unfinished(at=timezone.now())
    write_file()
