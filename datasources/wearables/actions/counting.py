"""Steps of a week counted together, of those who allow it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from datasources.wearables.days import by_day, measured_in
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.models import Choice, Figures, WalkingSum
from datasources.wearables.points import Measure
from datasources.wearables.queries.figures import opened_row
from datasources.wearables.queries.sealed import opened_thing
from datasources.wearables.walking import EVERYWHERE, Walked, counted
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actions import record
from portal.ledger.actor import Actor


def count_walks(persons: Iterable[UUID], *, week: date, by: Actor, at: datetime) -> int:
    """Publish the sums of a week that began on this Monday, once; how many. Within the worker's scope.

    `persons` are all who allow it now. People are rounded down to ten as their steps are: one more or less is not seen.
    """
    if WalkingSum.objects.filter(week=week).exists():
        return 0
    sums = counted(_walked(list(persons), week))
    WalkingSum.objects.bulk_create(
        WalkingSum(week=week, area=each.area, people=each.people // 10 * 10, steps=each.steps, counted_at=at)
        for each in sums
    )
    record(WearableEntry.COUNTED, by=by, at=at, counts={"week": week.isoformat(), "areas": len(sums)})
    return len(sums)


def _walked(persons: list[UUID], week: date) -> Iterator[Walked]:
    keys = existing_person_keys(persons, KeyScope.BROUGHT)
    years = {week.year, (week + timedelta(days=6)).year}
    areas = {row.person_id: _area(row, keys) for row in Choice.objects.filter(person_id__in=keys)}
    held: dict[UUID, list[Figures]] = {}
    for row in Figures.objects.filter(person_id__in=keys, measure=Measure.STEPS, year__in=years):
        held.setdefault(row.person_id, []).append(row)
    for person, rows in held.items():
        days = by_day(each for row in rows for each in opened_row(row, keys[person]))
        if values := measured_in(days, week):
            yield Walked(areas.get(person, EVERYWHERE), round(sum(values)))


def _area(row: Choice, keys: dict[UUID, bytes]) -> str:
    if row.sealed_area is None:
        return EVERYWHERE
    return str(opened_thing(row.sealed_area, "area", of=row.pk, person=row.person_id, key=keys[row.person_id]))
