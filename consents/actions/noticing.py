"""What of a permission's life a person is noticed of."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consents.kinds import ConsentEntry
from consents.models import Consent
from portal.ledger.actor import Actor, ActorKind
from portal.ledger.kinds import EntryKind
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind

_NOTICES: Mapping[EntryKind, NoticeKind] = {
    ConsentEntry.REQUESTED: NoticeKind.QUESTION,
    ConsentEntry.EXPIRED: NoticeKind.ENDED,
    ConsentEntry.SUPERSEDED: NoticeKind.TEXT_CHANGED,
    ConsentEntry.TERMINATED: NoticeKind.CLOSED,
    ConsentEntry.SUSPENDED: NoticeKind.ON_HOLD,
    ConsentEntry.RESUMED: NoticeKind.ON_HOLD,
    ConsentEntry.WITHDRAWN: NoticeKind.WITHDRAWN,
}
_THERE = frozenset({ActorKind.STAFF, ActorKind.RESIDENT})
# What staff write down for someone who is at the desk or has written on paper.
_RECORDED = frozenset(
    {
        *(ConsentEntry.GIVEN, ConsentEntry.REFUSED, ConsentEntry.CHANGED, ConsentEntry.RENEWED),
        ConsentEntry.WITHDRAWN,
        ConsentEntry.HALF_GIVEN,
    }
)


def notice_of(
    kind: EntryKind,
    consent: Consent,
    *,
    by: Actor,
    at: datetime,
    write_home: bool | None = None,
    said_by: str = "",
) -> None:
    """Notice the person of what has just happened; their own yes and no, which they know of, are none.

    `write_home`: what whoever was at a desk said when asked whether to write home about it. They know of it: after a no
    nothing waits for them, whatever letters they chose. None: they were not asked, and what they chose holds.
    `said_by`: who it was, where they act for the person; the person themselves then hears what they would hear anyway.
    """
    by_staff = by.kind is ActorKind.STAFF
    if by_staff and kind in _RECORDED:
        if write_home is not False:
            at_desk = UUID(said_by) if said_by else consent.person_id
            tell(at_desk, NoticeKind.RECORDED, by=by, at=at, asked_for=bool(write_home))
        if said_by and kind in _NOTICES:
            tell(consent.person_id, _NOTICES[kind], by=by, at=at)
    # Nor are they told of the question that they answer there, or came for themselves.
    elif kind in _NOTICES and not (kind is ConsentEntry.REQUESTED and by.kind in _THERE):
        tell(consent.person_id, _NOTICES[kind], by=by, at=at)
