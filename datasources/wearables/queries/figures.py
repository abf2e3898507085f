"""Daily figures of one person, opened with their own key; within a scope that covers them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from datasources.wearables.days import Days, by_day
from datasources.wearables.models import SHARED_DAYS, Choice, DayBooks, Figures
from datasources.wearables.points import DailyFigure, Device, Measure
from datasources.wearables.queries.routes import routes_of
from datasources.wearables.queries.sealed import opened_books, opened_figures, opened_thing
from datasources.wearables.rules import DEFAULT, DayState
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys

USUAL_PRIORITY = tuple(Device(each) for each in DEFAULT)


@dataclass(frozen=True)
class SourceTold:
    """One device or app: what it measured, from which day until which, on how many days."""

    source: str
    device: Device
    measures: tuple[Measure, ...]
    first: date
    last: date
    days: int


@dataclass(frozen=True)
class Chosen:
    """What the person chose, or what holds as long as they chose nothing."""

    priority: tuple[Device, ...] = USUAL_PRIORITY
    days_shared: int = SHARED_DAYS[0]


@dataclass(frozen=True)
class Held:
    """All figures of a person; `changed_at` is when anything last came or went."""

    figures: tuple[DailyFigure, ...]
    changed_at: datetime | None

    def days(self) -> dict[Measure, Days]:
        """{measure: {day: value}}, measures in their own order."""
        held: dict[Measure, list[DailyFigure]] = {}
        for each in self.figures:
            held.setdefault(each.measure, []).append(each)
        return {measure: by_day(held[measure]) for measure in Measure if measure in held}


def held_by(person: UUID, *, key: bytes | None = None) -> Held:
    """Everything; two statements. Nothing where nothing was brought, or its key has ended."""
    rows = list(Figures.objects.filter(person_id=person))
    key = key or (existing_person_keys([person], KeyScope.BROUGHT).get(person) if rows else None)
    if key is None:
        return Held((), None)
    figures = [each for row in rows for each in opened_row(row, key)]
    return Held(tuple(figures), max((row.changed_at for row in rows), default=None))


def opened_row(row: Figures, key: bytes) -> list[DailyFigure]:
    """A year of a measure."""
    measure = Measure(row.measure)
    return opened_figures(row.sealed, person=row.person_id, measure=measure, year=row.year, key=key)


def sources_in(figures: Iterable[DailyFigure]) -> list[SourceTold]:
    """Every device and app, by name."""
    held: dict[tuple[str, Device], list[DailyFigure]] = {}
    for each in figures:
        held.setdefault((each.source, each.device), []).append(each)
    return [_told(source, device, held[source, device]) for source, device in sorted(held)]


def _told(source: str, device: Device, figures: list[DailyFigure]) -> SourceTold:
    days = {each.day for each in figures}
    measured = {each.measure for each in figures}
    measures = tuple(each for each in Measure if each in measured)
    return SourceTold(source, device, measures, min(days), max(days), len(days))


def choice_of(person: UUID, *, key: bytes | None = None) -> Chosen:
    """Two statements at the most."""
    row = Choice.objects.filter(person_id=person).first()
    if row is None:
        return Chosen()
    if row.sealed_priority is None:
        return Chosen(days_shared=row.days_shared)
    key = key or existing_person_keys([person], KeyScope.BROUGHT).get(person)
    if key is None:
        return Chosen(days_shared=row.days_shared)
    told = opened_thing(row.sealed_priority, "priority", of=row.pk, person=person, key=key)
    return Chosen(tuple(Device(each) for each in told), row.days_shared)


def sources_kept(person: UUID) -> list[tuple[str, Device]]:
    """Every device and app of which anything is kept, also where another had the same time and none of it counts, and
    of which there is only a route.

    Opens every month: for a page where somebody removes something.
    """
    rows = list(DayBooks.objects.filter(person_id=person))
    key = existing_person_keys([person], KeyScope.BROUGHT).get(person) if rows else None
    found = {(each.told.source, each.told.device) for each in routes_of(person, key=key) if each.told}
    for row in rows if key else ():
        books = opened_books(row.sealed, person=person, month=row.month, key=key or b"")
        found |= {
            (each.source, Device(each.device)) for book in books.values() for each in DayState.from_bytes(book).held
        }
    return sorted(found)
