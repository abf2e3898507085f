"""Day books and daily figures of one person, together: what changes in a book changes in the figures of its day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from datasources.wearables.models import DayBooks, Figures
from datasources.wearables.points import DailyFigure, Measure
from datasources.wearables.queries.figures import opened_row
from datasources.wearables.queries.sealed import opened_books, sealed_books, sealed_figures
from datasources.wearables.rules import figures_of

# A book as it is from now on; None: the day is gone.
Change = Callable[[date, bytes], bytes | None]
Year = tuple[Measure, int]


class Kept:
    """All of a person's books and figures, opened month by month as they are asked for; `write` keeps what changed.

    Within a scope that covers the person, under a lock on them that the caller holds.
    """

    def __init__(self, person: UUID, key: bytes, *, priority: Sequence[str]) -> None:
        self._person, self._key, self._priority = person, key, priority
        self._months: dict[date, dict[date, bytes]] = {}
        self._changed: dict[date, list[DailyFigure]] = {}

    def book(self, day: date) -> bytes | None:
        """The day's book, as `take_in` asks for it."""
        return self._month(day.replace(day=1)).get(day)

    def put(self, day: date, book: bytes | None, figures: Sequence[DailyFigure]) -> None:
        """The day as it is from now on; None: nothing is left of it."""
        books = self._month(day.replace(day=1))
        if book is None:
            books.pop(day, None)
        else:
            books[day] = book
        self._changed[day] = list(figures)

    def change(self, change: Change) -> int:
        """Change every book that there is, and reckon those days anew; how many days changed."""
        changed = 0
        for day, book in list(self._all()):
            after = change(day, book)
            self.put(day, after, figures_of(after, day, self._priority) if after else [])
            changed += after != book
        return changed

    def write(self, *, at: datetime) -> None:
        """Keep what changed."""
        for month in sorted({day.replace(day=1) for day in self._changed}):
            self._write_month(month)
        rows = {(Measure(row.measure), row.year): row for row in Figures.objects.filter(person_id=self._person)}
        coming: dict[Year, list[DailyFigure]] = {}
        for figures in self._changed.values():
            for each in figures:
                coming.setdefault((each.measure, each.day.year), []).append(each)
        years = {day.year for day in self._changed}
        for year in sorted(coming.keys() | {each for each in rows if each[1] in years}):
            stays = self._unchanged(rows[year]) if year in rows else []
            self._write_year(year, [*stays, *coming.get(year, [])], at=at)
        self._changed.clear()

    def _all(self) -> Iterator[tuple[date, bytes]]:
        for month in DayBooks.objects.filter(person_id=self._person).order_by("month").values_list("month", flat=True):
            yield from list(self._month(month).items())

    def _month(self, month: date) -> dict[date, bytes]:
        if month not in self._months:
            row = DayBooks.objects.filter(person_id=self._person, month=month).first()
            told = opened_books(row.sealed, person=self._person, month=month, key=self._key) if row else {}
            self._months[month] = told
        return self._months[month]

    def _write_month(self, month: date) -> None:
        books, rows = self._months[month], DayBooks.objects.filter(person_id=self._person, month=month)
        if not books:
            rows.delete()
            return
        sealed = sealed_books(books, person=self._person, month=month, key=self._key)
        DayBooks.objects.update_or_create(person_id=self._person, month=month, defaults={"sealed": sealed})

    def _unchanged(self, row: Figures) -> list[DailyFigure]:
        return [each for each in opened_row(row, self._key) if each.day not in self._changed]

    def _write_year(self, year: Year, figures: Sequence[DailyFigure], *, at: datetime) -> None:
        measure, number = year
        if not figures:
            Figures.objects.filter(person_id=self._person, measure=measure, year=number).delete()
            return
        sealed = sealed_figures(figures, person=self._person, measure=measure, year=number, key=self._key)
        Figures.objects.update_or_create(
            person_id=self._person,
            measure=measure.value,
            year=number,
            defaults={"sealed": sealed, "changed_at": at},
        )
