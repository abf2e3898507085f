"""Holding the use of data back, and letting it go: the person's word begins it, their word or a told end ends it.

Each is an entry, and heard by every department that keeps the data or may use it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.actions.announcing import announce
from consents.enums import AnnouncementKind, Ground
from consents.errors import NotOn
from consents.kinds import ConsentEntry
from consents.models import Restriction
from consents.queries.limiting import hearers, stands_for_good
from consents.rules.limiting import Came, Then, end_of, stands_at_once, then
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind

_BATCH = 1000


@dataclass(frozen=True)
class Wanted:
    """What is to be held back, by slug: one of `register`, `dataset`, `purpose`, `algorithm`; and whose it is."""

    department: str
    ground: Ground
    register: str = ""
    dataset: str = ""
    purpose: str = ""
    algorithm: str = ""


def hold_back(
    wanted: Wanted, *, person: UUID, request: UUID, by: Actor, at: datetime, at_once: bool = True
) -> Restriction:
    """Within the person's scope, in the transaction of the request; the next check says no.

    Without `at_once` it begins when it is granted: what another asks for a person is looked at first.
    """
    row = Restriction.objects.create(person_id=person, request=request, asked_at=at, **vars(wanted))
    if at_once:
        _begin(row, by=by, at=at)
    return row


def _begin(row: Restriction, *, by: Actor, at: datetime) -> None:
    row.begins_at = at
    row.objected_at = at if stands_at_once(Ground(row.ground)) else None
    row.save(update_fields=["begins_at", "objected_at"])
    _leave(ConsentEntry.HELD_BACK, row, by=by, at=at)
    _announce(AnnouncementKind.DATA_RESTRICTED, row, must_act=True, at=at)


def hold_back_as(row: Restriction, person: UUID, *, by: Actor, at: datetime) -> None:
    """It is of that account from now on, and holds as it did. The caller holds the row or copied it; worker's scope."""
    row.person_id = person
    row.save(force_insert=row._state.adding)  # noqa: SLF001 - documented
    if row.begins_at is not None and row.lifted_at is None:
        _leave(ConsentEntry.HELD_BACK, row, by=by, at=at)
        _announce(AnnouncementKind.DATA_RESTRICTED, row, must_act=True, at=at)


def settle(request: UUID, came: Came, *, by: Actor, at: datetime) -> Then | None:
    """What becomes of what this request held back, when it ends; None where it holds nothing back."""
    row = Restriction.objects.select_for_update().filter(request=request, lifted_at=None).first()
    if row is None:
        return None
    follows = then(Ground(row.ground), came)
    _FOLLOWS[follows](row, by=by, at=at)
    return follows


def _stays(row: Restriction, *, by: Actor, at: datetime) -> None:
    if row.begins_at is None:
        _begin(row, by=by, at=at)


def _stands(row: Restriction, *, by: Actor, at: datetime) -> None:
    _stays(row, by=by, at=at)
    if row.objected_at is None:
        row.objected_at = at
        row.save(update_fields=["objected_at"])


def _ends_after_notice(row: Restriction, *, by: Actor, at: datetime) -> None:
    if row.begins_at is None:
        _ends_now(row, by=by, at=at)
    elif row.told_at is None:
        tell_end(row, by=by, at=at)


def _ends_now(row: Restriction, *, by: Actor, at: datetime) -> None:
    row.lifted_at = at
    row.save(update_fields=["lifted_at"])
    if row.begins_at is not None:
        _leave(ConsentEntry.LET_GO, row, by=by, at=at)
        _announce(AnnouncementKind.DATA_FREED, row, must_act=False, at=at)


_FOLLOWS = {
    Then.STAYS: _stays,
    Then.STANDS: _stands,
    Then.ENDS_AFTER_NOTICE: _ends_after_notice,
    Then.ENDS_NOW: _ends_now,
}


def tell_end(row: Restriction, *, by: Actor, at: datetime) -> datetime:
    """The person hears that it ends, and when; until then it holds (GDPR 18(3)).

    NotOn when it is over or told of, and where only the person ends it. The caller holds the row.
    """
    if row.begins_at is None or row.lifted_at is not None or row.told_at is not None or stands_for_good(row):
        raise NotOn
    row.told_at, row.lifts_at = at, end_of(at)
    row.save(update_fields=["told_at", "lifts_at"])
    _leave(ConsentEntry.END_TOLD, row, by=by, at=at)
    tell(row.person_id, NoticeKind.LIMIT_ENDS, by=by, at=at, asked_for=True)
    after_commit("consents.let_go_due", due_at=row.lifts_at)
    return row.lifts_at


def let_go_due(*, by: Actor, at: datetime, batch: int = _BATCH) -> int:
    """End what was told to end, at most `batch`, within the worker's scope; how many. A late job only holds longer."""
    due = Restriction.objects.filter(lifted_at=None, lifts_at__lte=at).order_by("lifts_at")
    rows = list(due.select_for_update(skip_locked=True)[:batch])
    for row in rows:
        _ends_now(row, by=by, at=at)
    return len(rows)


def _announce(kind: AnnouncementKind, row: Restriction, *, must_act: bool, at: datetime) -> None:
    for department, datasets in hearers(row).items():
        announce(
            kind,
            person=row.person_id,
            department=department,
            datasets=datasets,
            purpose=row.purpose,
            algorithm=row.algorithm,
            must_act=must_act,
            at=at,
        )


def _leave(kind: ConsentEntry, row: Restriction, *, by: Actor, at: datetime) -> None:
    record(
        kind,
        by=by,
        about=row.person_id,
        at=at,
        department=row.department,
        purpose=row.purpose,
        datasets=hearers(row)[row.department],
        counts=row.counted,
    )
