"""The algorithm that every step holds first, for whom it is written, and the trace in the log."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consents.algorithms.faults import NotTheDepartment
from consents.algorithms.models import Algorithm
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind
from portal.ledger.entries import Json
from portal.ledger.kinds import EntryKind


def held_algorithm(algorithm: UUID) -> Algorithm:
    """The row, held first by every step: two of them at once go one after the other."""
    return Algorithm.objects.select_for_update(of=("self",)).select_related("department").get(pk=algorithm)


def by_department(algorithm: Algorithm, by: Actor) -> None:
    """NotTheDepartment unless whoever acts does so for the department that answers for it, or is a job of ours."""
    if by.kind != ActorKind.SYSTEM and by.unit != algorithm.department.slug:
        raise NotTheDepartment


def tell(
    algorithm: Algorithm,
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    datasets: list[str] | None = None,
    counts: Mapping[str, Json] | None = None,
) -> UUID:
    """The entry in the log, which holds no text of the register."""
    return record(
        kind,
        by=by,
        at=at,
        department=algorithm.department.slug,
        datasets=datasets or [],
        reference=f"algorithm {algorithm.slug}",
        counts=counts,
    )
