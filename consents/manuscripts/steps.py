"""What every step shares: the row held, who may, and the two traces it leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from consents.enums import StepKind, TextState
from consents.lint import Report
from consents.manuscripts.faults import NotNow, NotTheOfficer
from consents.manuscripts.models import Manuscript
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.ledger.kinds import EntryKind

# The back office's group of those who approve texts (434/2003 has no word of it; GDPR 39(1)(b): monitoring).
OFFICER = "dpo"

T = TypeVar("T", bound=Manuscript)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What differs between texts of one kind and those of another.

    `columns` hold what is written, `parts` among them; `part_names` are the parts in one language. `subject_held` locks
    what a text is of, and `by_department` refuses whoever does not act for its department. `judged` is what the checks
    find; `fit` refuses what no check of words can see. `named` is what an entry of the log names, beside numbers.
    """

    model: type[T]
    columns: tuple[str, ...]
    part_names: tuple[str, ...]
    entries: Mapping[StepKind, EntryKind]
    subject_held: Callable[[UUID], Any]
    by_department: Callable[[Any, Actor], None]
    sha256: Callable[[T], str]
    judged: Callable[[T], Report]
    fit: Callable[[T], None]
    named: Callable[[T], dict[str, Any]]


def held(kind: Kind[T], pk: UUID, *states: TextState) -> T:
    """The row with what it is of, both held: two steps at once go one after the other. NotNow in none of `states`."""
    rows = kind.model._default_manager
    subject = kind.subject_held(rows.values_list(kind.model.OF, flat=True).get(pk=pk))
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if row.state not in states:
        raise NotNow
    setattr(row, kind.model.OF, subject)
    return row


def by_officer(by: Actor) -> None:
    """NotTheOfficer unless whoever acts has the officer's role."""
    if OFFICER not in by.role.split():
        raise NotTheOfficer


def leave_step(
    kind: Kind[T],
    row: T,
    step: StepKind,
    *,
    by: Actor,
    at: datetime,
    counts: Mapping[str, Json] | None = None,
    reason: str = "",
) -> None:
    """The entry in the log, which holds no text, and the step that does: what was saved, and a reason."""
    numbers = {"version": row.version, "revision": row.revision, **(counts or {})}
    department = row.subject.department.slug
    entry = record(kind.entries[step], by=by, at=at, department=department, counts=numbers, **kind.named(row))
    saved = {name: getattr(row, name) for name in kind.columns} if step == StepKind.SAVED else {}
    row.steps.create(kind=step, at=at, by=by.id, revision=row.revision, reason=reason, entry_id=entry, **saved)
