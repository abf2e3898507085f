"""What of a permission's life a person is noticed of."""

from collections.abc import Mapping
from datetime import datetime

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
# What staff write down for someone who is at the desk or has written on paper.
_RECORDED = frozenset({ConsentEntry.GIVEN, ConsentEntry.REFUSED, ConsentEntry.CHANGED, ConsentEntry.RENEWED})


def notice_of(kind: EntryKind, consent: Consent, *, by: Actor, at: datetime) -> None:
    """Notice the person of what has just happened; their own yes and no, which they know of, are none."""
    if kind in _RECORDED and by.kind is ActorKind.STAFF:
        tell(consent.person_id, NoticeKind.RECORDED, by=by, at=at)
    elif kind in _NOTICES:
        tell(consent.person_id, _NOTICES[kind], by=by, at=at)
