"""Copies that have lived long enough go."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from datasources.enums import KeepsFor
from datasources.kinds import SourcesEntry
from datasources.models import Asking, Sheet
from datasources.queries.erased import of_whom_none_is_made
from datasources.queries.freshness import past_their_time
from portal.ledger.actor import Actor
from portal.ledger.drafts import record_many
from portal.people.queries import active_people
from portal.walls import Role, scope

AT_ONCE = 5000


def expire_sheets(*, by: Actor, at: datetime, at_once: int = AT_ONCE) -> int:
    """Remove sheets past their time, and those of people who have not been here for two years; how many.

    `at_once` sheets a transaction, each with its entries: a night cut short has removed what it told, and no more.
    """
    removed = 0
    while count := _expire(by=by, at=at, most=at_once):
        removed += count
    with scope(Role.WORKER):
        Asking.objects.filter(_inactive(at)).delete()
    return removed


def _inactive(at: datetime) -> Q:
    return Q(~Exists(active_people(at=at).filter(pk=OuterRef("person_id"))))


def _expire(*, by: Actor, at: datetime, most: int) -> int:
    with scope(Role.WORKER):
        over = past_their_time(at=at) | Q(source__keeps_for=KeepsFor.ACTIVE) & _inactive(at) | of_whom_none_is_made()
        sheets = Sheet.objects.filter(over).select_for_update(of=("self",))
        rows = list(
            sheets.values_list("pk", "person_id", "dataset__slug", "dataset__register__department__slug")[:most]
        )
        gone: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        for _, person, dataset, department in rows:
            gone[dataset, department].append(person)
        for (dataset, department), people in gone.items():
            record_many(
                SourcesEntry.SHEET_REMOVED, by=by, at=at, about=people, department=department, datasets=[dataset]
            )
        Sheet.objects.filter(pk__in=[row[0] for row in rows]).delete()
    return len(rows)
