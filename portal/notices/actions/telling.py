"""Noticing that something waits for a person; the letter about it is another's work."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor, ActorKind
from portal.notices.enums import NoticeKind
from portal.notices.models import Notice
from portal.notices.rules import goes_alone
from portal.walls import bulk

# The id is made of what the notice is about: the same thing is noticed once, however often it is found.
_NEW = """
INSERT INTO notices_notice (id, person_id, kind, at, at_desk)
SELECT id, person, %b, %b, false FROM unnest(%b::uuid[], %b::uuid[]) AS new (id, person)
ON CONFLICT (id) DO NOTHING RETURNING id
"""


def tell(person: UUID, kind: NoticeKind, *, by: Actor, at: datetime, asked_for: bool = False) -> UUID:
    """In the transaction of what happened, within a scope that covers the person. What staff do, is done at a desk.

    `asked_for`: at the desk they asked for a letter about it; then it goes as any other.
    """
    at_desk = by.kind is ActorKind.STAFF and not asked_for
    notice = Notice(person_id=person, kind=kind, at=at, at_desk=at_desk)
    notice.save(force_insert=True)
    if goes_alone(kind):
        after_commit("notices.write_letter", due_at=at, notice_id=notice.pk)
    return notice.pk


def tell_many(kind: NoticeKind, about: Mapping[UUID, UUID], *, by: Actor, at: datetime) -> int:
    """`about` is {id of the notice: person}; ids that are there already are passed over. Within the worker's scope."""
    if not about:
        return 0
    new = bulk(_NEW, [kind.value, at, list(about), list(about.values())])
    if goes_alone(kind):
        for (notice,) in new:
            after_commit("notices.write_letter", due_at=at, notice_id=notice)
    return len(new)
