"""What staff do with a request before it is answered: take it, hand it over, put it off, read it under another law."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.requests.actions import leave
from portal.requests.enums import Law, Longer, RequestKind
from portal.requests.errors import NotPutOff, ProposalWaits
from portal.requests.held import held_by_staff, sealed_words
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request
from portal.requests.rules import LONGEST_MONTHS, OPENNESS_WEEKS, month_after, weeks_after
from portal.requests.workdays import is_free


def take_on(request: UUID, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """It is theirs to answer from now on, whoever had it. AlreadyAnswered. Opens its own scopes."""
    with held_by_staff(request, staff) as row:
        if row.assignee == by.id:
            return
        row.assignee, row.taken_at = by.id, row.taken_at or at
        row.save(update_fields=["assignee", "taken_at"])
        leave(RequestEntry.TAKEN, row, by=by, at=at)


def hand_over(request: UUID, department: str, *, note: str, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """Another department answers it, or the same puts it back; `note` is for colleagues, sealed. Nobody has it then.

    AlreadyAnswered; ProposalWaits while a second person decides. Opens its own scopes.
    """
    with held_by_staff(request, staff, more=[department]) as row:
        if row.proposals.filter(decided_at=None).exists():
            raise ProposalWaits
        row.department, row.assignee = department, ""
        row.sealed_note = sealed_words(row, "note", note) if note else None
        row.save(update_fields=["department", "assignee", "sealed_note"])
        # Its parts stay with those who hold the registers.
        leave(RequestEntry.HANDED_OVER, row, by=by, at=at)


def may_be_put_off(request: Request, *, at: datetime) -> bool:
    """Once, within the first month, and by the GDPR only (12(3))."""
    return request.law == Law.GDPR and request.extended_at is None and localdate(at) <= request.due_on


def extend_request(request: UUID, why: Longer, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """Two months more, with the reason told at once (GDPR 12(3)). NotPutOff, AlreadyAnswered. Opens its own scopes."""
    with held_by_staff(request, staff) as row:
        if not may_be_put_off(row, at=at):
            raise NotPutOff
        row.extended_at, row.longer = at, why
        row.due_on = month_after(localdate(row.received_at), is_free, months=LONGEST_MONTHS)
        row.save(update_fields=["extended_at", "longer", "due_on"])
        leave(RequestEntry.EXTENDED, row, by=by, at=at)
        tell(row.person_id, NoticeKind.REQUEST_LATER, by=by, at=at, asked_for=True)


# Whoever asks to see something may mean a document as much as their own data.
_UNDER_OPENNESS = (RequestKind.ALL, RequestKind.ASK)


def may_be_read_otherwise(request: Request) -> bool:
    """It asks to see something, and stands under the GDPR still, with its first clock."""
    return request.kind in _UNDER_OPENNESS and request.law == Law.GDPR and request.extended_at is None


def read_under_openness(request: UUID, *, many: bool, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """It asks for a document: two weeks from its receipt, or a month where there are `many` or secret parts.

    621/1999 14 §. NotPutOff where it cannot be; AlreadyAnswered. Opens its own scopes.
    """
    with held_by_staff(request, staff) as row:
        if not may_be_read_otherwise(row):
            raise NotPutOff
        received = localdate(row.received_at)
        row.law = Law.OPENNESS
        row.due_on = month_after(received, is_free) if many else weeks_after(received, is_free, weeks=OPENNESS_WEEKS)
        row.save(update_fields=["law", "due_on"])
        leave(RequestEntry.LAW_CHANGED, row, by=by, at=at)
