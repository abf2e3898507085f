"""What every step shares: the row held, who may, and the two traces it leaves."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consents.algorithms.faults import NotTheDepartment
from consents.algorithms.models import Algorithm, AlgorithmStep, AlgorithmVersion
from consents.enums import StepKind, TextState
from consents.publishing.faults import NotNow
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind
from portal.ledger.entries import Json
from portal.ledger.kinds import EntryKind


def held_algorithm(algorithm: UUID) -> Algorithm:
    """The row, held first by every step: two of them at once go one after the other."""
    return Algorithm.objects.select_for_update(of=("self",)).select_related("department").get(pk=algorithm)


def held_version(version: UUID, *states: TextState) -> AlgorithmVersion:
    """The row with its algorithm, both held. NotNow when it is in none of `states`."""
    algorithm = held_algorithm(AlgorithmVersion.objects.values_list("algorithm", flat=True).get(pk=version))
    row = AlgorithmVersion.objects.select_for_update(of=("self",)).get(pk=version)
    if row.state not in states:
        raise NotNow
    row.algorithm = algorithm
    return row


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


def leave_step(
    version: AlgorithmVersion,
    step: StepKind,
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    counts: Mapping[str, Json] | None = None,
    reason: str = "",
) -> None:
    """The entry in the log, and the step, which holds what was saved and why it was sent back."""
    numbers = {"version": version.version, "revision": version.revision, **(counts or {})}
    entry = tell(version.algorithm, kind, by=by, at=at, datasets=version.datasets, counts=numbers)
    saved = step == StepKind.SAVED
    AlgorithmStep.objects.create(
        version=version,
        kind=step,
        at=at,
        by=by.id,
        revision=version.revision,
        parts=version.parts if saved else None,
        facts=version.facts if saved else None,
        datasets=version.datasets if saved else None,
        reason=reason,
        entry_id=entry,
    )
