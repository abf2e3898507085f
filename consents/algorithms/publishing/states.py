"""From state to state, each with a reason that everyone may read."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.algorithms.enums import NEXT_STATES, AlgorithmState
from consents.algorithms.faults import NoSuchStep, ReasonsMissing
from consents.algorithms.kinds import AlgorithmEntry
from consents.algorithms.models import Algorithm, StateChange
from consents.algorithms.publishing.steps import by_department, held_algorithm, tell
from consents.texts import LANGUAGES
from portal.ledger.actor import Actor

LONGEST_REASON = 500


@transaction.atomic
def change_state(
    algorithm: UUID, *, to: AlgorithmState, reason: Mapping[str, str], by: Actor, at: datetime
) -> Algorithm:
    """`reason` is `{language: text}`, shown to everyone. NotTheDepartment, NoSuchStep, ReasonsMissing.

    By staff of the department, or by a job of ours (an evaluation that failed pauses what it judged), in the scope of
    staff or of the worker.
    """
    row = held_algorithm(algorithm)
    by_department(row, by)
    if to not in NEXT_STATES[row.state]:
        raise NoSuchStep
    told = {language: reason.get(language, "").strip()[:LONGEST_REASON] for language in LANGUAGES}
    if not all(told.values()):
        raise ReasonsMissing
    before, row.state, row.state_since_at = row.state, to, at
    row.save(update_fields=["state", "state_since_at"])
    entry = tell(row, AlgorithmEntry.STATE_CHANGED, by=by, at=at, counts={"before": before, "after": to.value})
    StateChange.objects.create(algorithm=row, before=before, after=to, reason=told, at=at, by=by.id, entry_id=entry)
    return row
