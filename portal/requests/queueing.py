"""What staff do with a request before it is answered: take it, hand it over, put it off or pause it, change its law."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from portal.ledger.actor import Actor, Right
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.requests.actions import leave
from portal.requests.enums import Doubt, Law, Longer, RequestKind
from portal.requests.errors import NotPutOff, ProposalWaits
from portal.requests.held import held_by_staff, sealed_words
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request
from portal.requests.rules import LONGEST_MONTHS, OPENNESS_WEEKS, later_by, month_after, weeks_after
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
    is_first = request.extended_at is None and request.paused_at is None
    return request.law == Law.GDPR and is_first and localdate(at) <= request.due_on


def extend_request(request: UUID, why: Longer, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """Two months more, with the reason told at once (GDPR 12(3)). NotPutOff, AlreadyAnswered. Opens its own scopes."""
    with held_by_staff(request, staff) as row:
        if not may_be_put_off(row, at=at):
            raise NotPutOff
        row.extended_at, row.longer = at, why
        longest = month_after(localdate(row.received_at), is_free, months=LONGEST_MONTHS)
        row.due_on = later_by(longest, row.paused_days, is_free)
        row.save(update_fields=["extended_at", "longer", "due_on"])
        leave(RequestEntry.EXTENDED, row, by=by, at=at)
        tell(row.person_id, NoticeKind.REQUEST_LATER, by=by, at=at, asked_for=True)


def may_be_paused(request: Request, *, at: datetime) -> bool:
    """Once, while the time runs, by the GDPR only, and never of who signed in and asked for themselves.

    Whoever was strongly identified is no doubt (GDPR 12(6)).
    """
    is_doubtful = request.asked_right != Right.OWN and not request.doubt
    return request.law == Law.GDPR and is_doubtful and localdate(at) <= request.due_on


def pause_clock(request: UUID, why: Doubt, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """Its clock stands still until it is clear who asks; the person is told at once. NotPutOff, AlreadyAnswered.

    Opens its own scopes.
    """
    with held_by_staff(request, staff) as row:
        if not may_be_paused(row, at=at):
            raise NotPutOff
        row.paused_at, row.doubt = at, why
        row.save(update_fields=["paused_at", "doubt"])
        leave(RequestEntry.PAUSED, row, by=by, at=at)
        tell(row.person_id, NoticeKind.REQUEST_LATER, by=by, at=at, asked_for=True)


def go_on(request: UUID, *, staff: Sequence[str], by: Actor, at: datetime) -> None:
    """It is clear who asks: the last day is so many days later as the clock stood still. NotPutOff, AlreadyAnswered.

    Opens its own scopes.
    """
    with held_by_staff(request, staff) as row:
        if row.paused_at is None:
            raise NotPutOff
        row.paused_days = (localdate(at) - localdate(row.paused_at)).days
        row.due_on = later_by(row.due_on, row.paused_days, is_free)
        row.paused_at = None
        row.save(update_fields=["paused_at", "paused_days", "due_on"])
        leave(RequestEntry.GOES_ON, row, by=by, at=at)


# Whoever asks to see something may mean a document as much as their own data.
_UNDER_OPENNESS = (RequestKind.ALL, RequestKind.ASK)


def may_be_read_otherwise(request: Request) -> bool:
    """It asks to see something, and stands under the GDPR still, with its first clock."""
    is_as_it_came = request.extended_at is None and request.paused_at is None
    return request.kind in _UNDER_OPENNESS and request.law == Law.GDPR and is_as_it_came


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
