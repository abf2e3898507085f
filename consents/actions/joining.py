"""Two accounts of one person are joined: every no of either holds, no yes comes along, and what ends is asked anew."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from consents.actions.ending import end_all_of, suspend
from consents.actions.limiting import hold_back_as
from consents.actions.requesting import request_consent
from consents.actions.traces import cover_nothing, held, leave_traces, moment
from consents.enums import ConsentState
from consents.errors import AskedTooSoon, NotAConsent, NotAsked, OnlyAdults
from consents.kinds import ConsentEntry
from consents.models import Consent, Errand, Restriction
from consents.rules.joining import Follows, Stands, what_follows
from portal.ledger.actor import Actor


def join_answers(goes: UUID, stays: UUID, *, by: Actor, at: datetime) -> int:
    """End all that `goes` gave, and have its refusals and restrictions hold for `stays`; how many permissions ended.

    Within the worker's scope of both. Departments hear of each end and of each restriction as of any other.
    """
    # Where a service led them to is begun again.
    Errand.objects.filter(person_id=goes).delete()
    for row in Restriction.objects.select_for_update().filter(person_id=goes).order_by("asked_at"):
        hold_back_as(row, stays, by=by, at=at)
    answers = list(Consent.objects.filter(person_id=goes).select_related("purpose__department", "text").order_by("pk"))
    ended = end_all_of(goes, ConsentEntry.ENDED_JOINED, by=by, at=at)
    for answer in answers:
        follow(answer, stays, by=by, at=at)
    return ended


def follow(answer: Consent, stays: UUID, *, by: Actor, at: datetime) -> None:
    """What `answer` of another account, as it was before all ended, leads to in that of `stays`. Worker's scope."""
    pk = Consent.objects.filter(person_id=stays, purpose=answer.purpose).values_list("pk", flat=True).first()
    mine = held(pk) if pk else None
    follows = what_follows(_stands(answer), _stands(mine) if mine else None)
    if follows is Follows.ASKED_ANEW:
        # Where it cannot be asked just now, or they were asked lately and said no, they are left in peace.
        with suppress(AskedTooSoon, NotAConsent, NotAsked, OnlyAdults):
            request_consent(answer.purpose, person=stays, by=by, at=at, asked_for=True)
    elif follows is Follows.SAID_NO:
        _say_no(answer, stays, by=by, at=at)
    elif mine is not None and follows is Follows.TAKEN_BACK:
        at = moment(mine, at=at)
        cover_nothing(mine, ConsentState.WITHDRAWN, at=at)
        leave_traces(ConsentEntry.ENDED_OTHER_ANSWER, mine, by=by, at=at)
    elif mine is not None and follows is Follows.ON_HOLD:
        suspend(mine.pk, by=by, at=at)


def _stands(row: Consent) -> Stands:
    return Stands(ConsentState(row.state), row.answered_at)


def _say_no(answer: Consent, stays: UUID, *, by: Actor, at: datetime) -> None:
    """As of when it was said, so that nobody asks sooner than they would have."""
    row = Consent(
        person_id=stays,
        purpose=answer.purpose,
        text=answer.text,
        recipient=answer.recipient,
        requested_at=answer.requested_at,
    )
    cover_nothing(row, ConsentState.REFUSED, at=answer.answered_at or at)
    leave_traces(ConsentEntry.REFUSED, row, by=by, at=at)
