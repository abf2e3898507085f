"""Whoever follows a case hears that the city said something: a notice each, and a letter as they chose."""

from datetime import datetime
from uuid import UUID, uuid5

from consents.usecases.models import Statement
from consents.usecases.words import Follow
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind
from portal.walls import Role, scope

BATCH = 2000


def tell_followers(statement: UUID, *, by: Actor, at: datetime, batch: int = BATCH) -> int:
    """How many are new: done twice, or after a crash, each hears once. Opens a scope for each batch."""
    told, after = 0, UUID(int=0)
    while True:
        with scope(Role.WORKER):
            about_case = Statement.objects.filter(pk=statement).values("case_id")
            rows = Follow.objects.filter(case_id__in=about_case, person_id__gt=after).order_by("person_id")
            people = list(rows.values_list("person_id", flat=True)[:batch])
            about = {uuid5(statement, str(person)): person for person in people}
            told += tell_many(NoticeKind.CASE_NEWS, about, by=by, at=at)
        if len(people) < batch:
            return told
        after = people[-1]
