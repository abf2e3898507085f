"""Copies that have lived long enough go."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from datasources.enums import KeepsFor
from datasources.kinds import SourcesEntry
from datasources.models import Asking, Sheet
from datasources.queries.freshness import past_their_time
from portal.ledger.actor import Actor
from portal.ledger.drafts import record_many
from portal.people.queries import active_people
from portal.walls import Role, scope


def expire_sheets(*, by: Actor, at: datetime) -> int:
    """Remove sheets past their time, and those of people who have not been here for two years; how many."""
    with scope(Role.WORKER):
        inactive = ~Exists(active_people(at=at).filter(pk=OuterRef("person_id")))
        gone: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        over = past_their_time(at=at) | Q(source__keeps_for=KeepsFor.ACTIVE) & inactive
        sheets = Sheet.objects.filter(over).select_for_update(of=("self",))
        rows = list(sheets.values_list("pk", "person_id", "dataset__slug", "dataset__register__department__slug"))
        for _, person, dataset, department in rows:
            gone[dataset, department].append(person)
        for (dataset, department), people in gone.items():
            record_many(
                SourcesEntry.SHEET_REMOVED, by=by, at=at, about=people, department=department, datasets=[dataset]
            )
        Sheet.objects.filter(pk__in=[row[0] for row in rows]).delete()
        Asking.objects.filter(inactive).delete()
    return len(rows)
