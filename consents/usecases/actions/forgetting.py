"""Everything that somebody wrote, supports, follows and reported goes, because they had their data erased.

What they wrote for everyone goes too (GDPR 17(1)(b)): no law has the city keep it. What staff put into words of their
own, and what the city answered, stays; it is about the case and names nobody.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from consents.usecases.actions.writing import take_away
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case
from consents.usecases.words import Follow, Report, Support, Word
from portal.ledger.actions import record
from portal.ledger.actor import Actor


def forget_words(person: UUID, *, by: Actor, at: datetime) -> int:
    """How many rows went, with an entry where there were any; within the worker's scope."""
    rows = list(Word.objects.select_for_update(of=("self",)).filter(person_id=person))
    supported = list(Support.objects.filter(person_id=person).values_list("case_id", flat=True))
    take_away(rows, at=at)
    gone = len(rows)
    for model in (Support, Follow, Report):
        gone += model.objects.filter(person_id=person).delete()[0]
    Case.objects.filter(pk__in=supported, removed_at=None).update(supports=F("supports") - 1)
    if gone:
        record(UseCaseEntry.FORGOTTEN, by=by, about=person, at=at, counts={"rows": gone})
    return gone
