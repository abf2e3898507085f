"""What may be handed over of what people brought: made of their own figures when it is asked for, and kept nowhere.

Deleted figures are in no later sheet, and without the person's `brought` key there is none at all.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import msgspec
from django.utils.timezone import localdate

from datasources.queries.brought import Kept, Read, lies_apart
from datasources.wearables.days import Days, Value, by_day, daily_columns, recommendation_columns, weekly_columns
from datasources.wearables.models import SHARED_DAYS
from datasources.wearables.points import DailyFigure, Measure
from datasources.wearables.queries.sealed import opened_figures
from portal.keys.models import KeyScope
from portal.keys.person_keys import unwrapped
from portal.walls import sent
from portal.walls.sql import theirs

Columns = Callable[..., dict[str, list[Value]]]
# Slugs of the city's catalogue, and of what each is made.
DATASETS: Mapping[str, Columns] = {
    "wellbeing-daily": daily_columns,
    "wellbeing-weekly": weekly_columns,
    "wellbeing-recommendation": recommendation_columns,
}
# Whose: everyone whom the scope covers. The longest choice of days lies in this year and the last.
_HELD = f"""
SELECT f.person_id, f.measure, f.year, f.sealed, f.changed_at, k.ring_version, k.wrapped,
       coalesce(c.days_shared, {SHARED_DAYS[0]}), now()
FROM wearables_figures f
JOIN keys.person_key k ON k.person_id = f.person_id AND k.scope = %s AND k.destroyed_at IS NULL
LEFT JOIN wearables_choice c ON c.person_id = f.person_id
WHERE {theirs("f.person_id")} AND f.year >= extract(year FROM now()) - 2
"""  # noqa: S608
# Person, measure, year, figures, when they changed, version and wrapped key, days chosen, now.
_Row = tuple[UUID, str, int, bytes, datetime, int, bytes, int, datetime]


def name_datasets() -> None:
    """Called once, at the start."""
    lies_apart(DATASETS, send_for, alone=True)


def send_for(datasets: Sequence[str]) -> Read:
    """What reads these datasets of the one person whom the scope then covers; as old as the last change of any.

    The days are those that the person chose, up to yesterday: today is not over.
    """
    rows = sent(_HELD, [KeyScope.BROUGHT.value])

    def read() -> dict[str, Kept]:
        found = [cast("_Row", row) for row in rows()]
        return {slug: _kept(DATASETS[slug], found) for slug in datasets} if found else {}

    return read


def _kept(columns: Columns, rows: Sequence[_Row]) -> Kept:
    days, today = rows[0][7], localdate(rows[0][8])
    period = {"since": today - timedelta(days=days), "until": today - timedelta(days=1)}
    return Kept(
        as_of=max(row[4] for row in rows),
        columns=tuple(columns({}, **period)),
        open=lambda: body(columns(_opened(rows), **period)),
    )


def body(columns: Mapping[str, Sequence[Value]]) -> bytes:
    """As a sheet's body stands: `{"columns": [...], "values": [[...], ...]}`, one list a column."""
    return msgspec.json.encode({"columns": list(columns), "values": list(columns.values())})


def _opened(rows: Sequence[_Row]) -> dict[Measure, Days]:
    held: dict[Measure, list[DailyFigure]] = {}
    for person, name, year, sealed, _, version, wrapped, *_ in rows:
        key = unwrapped(person, KeyScope.BROUGHT, version=version, wrapped=bytes(wrapped))
        measure = Measure(name)
        held.setdefault(measure, []).extend(opened_figures(sealed, person=person, measure=measure, year=year, key=key))
    return {measure: by_day(figures) for measure, figures in held.items()}
