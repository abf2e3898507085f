"""Which rows of a log are shown: what the reader asked for, folded, a page at a time."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, localdate

from consents.queries.reported import purpose_names
from datasources.queries.holdings import names_by_slug
from portal.i18n.languages import language_now
from portal.ledger.models import Entry
from portal.ledger.parts import least_id
from portal.ledger.reading import AHEAD, Alike, Asked, Glance, details_of_each, folded, glances, whole_entries
from portal.pages.log_lines import DISCLOSED, REPORTED, Line, Names, again, line_of, words_of
from portal.pages.programs import GIVEN_TO_ALGORITHM, ROWS

ON_A_PAGE = 50
_LONGEST_NUMBER = 8
_HOW = ("people", "automatic", "algorithm")
_PERIODS = {"7": 7, "30": 30, "365": 365}
# What programs do alike by night is one row a system and day; each of these apart from the others.
_GROUPS = {
    "datasources.sheet_arrived": "sheets",
    "datasources.sheet_changed": "sheets",
    "datasources.sheet_removed": "removed",
    DISCLOSED: "disclosed",
    "consents.nothing_disclosed": "nothing",
    GIVEN_TO_ALGORITHM: "to algorithms",
}
# Kinds in whose words is what stands sealed in the entry.
WITH_DETAILS = (REPORTED, DISCLOSED, "consents.nothing_disclosed", *ROWS)


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for; whatever is not understood was not asked for.

    `period`: the last so many days, or "" for all; `day`: one day of Finnish time; `how`: `people`, `automatic`,
    `algorithm` or ""; `each`: nothing is folded.
    """

    period: str = ""
    department: str = ""
    how: str = ""
    day: date | None = None
    each: bool = False

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Wanted":
        """From an address."""
        period, how = told.get("period", ""), told.get("how", "")
        return cls(
            period=period if period in _PERIODS else "",
            department=told.get("department", "")[:60].replace("\0", ""),
            how=how if how in _HOW else "",
            day=_day(told.get("day", "")),
            each=told.get("each") == "1",
        )

    @property
    def narrows(self) -> bool:
        """Something is left out."""
        return replace(self, each=False) != Wanted()

    @property
    def address(self) -> str:
        """As it stands in an address, without the question mark; empty when nothing was asked for."""
        day = self.day.isoformat() if self.day else ""
        parts = {"period": self.period, "department": self.department, "how": self.how, "day": day}
        return urlencode({name: said for name, said in parts.items() if said} | ({"each": "1"} if self.each else {}))

    def since(self, at: datetime) -> datetime | None:
        """Nothing before it was asked for."""
        if self.day:
            return _midnight(self.day)
        return _midnight(localdate(at) - timedelta(days=_PERIODS[self.period] - 1)) if self.period else None

    def wants(self, *, when: datetime, kind: str, actor: str, department: str, at: datetime) -> bool:
        """The row was asked for, of which these are the parts; `actor` is what kind of one did it, `at` is now."""
        since = self.since(at)
        return (
            (since is None or when >= since)
            and (self.day is None or localdate(when) == self.day)
            and self.department in {"", department}
            and (not self.how or self._done(kind, actor))
        )

    def within(self, entries: QuerySet[Entry], *, at: datetime) -> QuerySet[Entry]:
        """As much of it as the database can tell by its indexes, so that no more is read."""
        since = self.since(at)
        if since:
            entries = entries.filter(id__gte=least_id(since - AHEAD))
        if self.how == "algorithm":
            entries = entries.filter(kind__in=list(ROWS))
        return entries.filter(department=self.department) if self.department else entries

    def _done(self, kind: str, actor: str) -> bool:
        """It was done as was asked for."""
        if self.how == "algorithm":
            return kind in ROWS
        by_people = actor in {"resident", "staff"} or kind == REPORTED
        return by_people == (self.how == "people")


def _day(told: str) -> date | None:
    try:
        # The last day of all has none after it.
        return min(date.fromisoformat(told), date.max - timedelta(days=1)) if told else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


@dataclass(frozen=True)
class Shown:
    """One page of a log, newest first; `older`: there is another page; `names`: of departments, data and purposes."""

    lines: list[Line]
    number: int
    older: bool
    names: Names

    @property
    def newer(self) -> int:
        """The page before."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The page after."""
        return self.number + 1


def number_of(told: str) -> int:
    """Which page; 0 for what is none."""
    return int(told) if told.isdecimal() and len(told) <= _LONGEST_NUMBER else 0


def shown(entries: QuerySet[Entry], wanted: Wanted, number: int, *, person: UUID, reader: UUID, at: datetime) -> Shown:
    """Six statements at the most; of a long log no more is read than the page needs."""

    def wants(one: Glance) -> bool:
        return wanted.wants(when=one.at, kind=one.kind, actor=one.actor.kind, department=one.department, at=at)

    groups = {} if wanted.each else _GROUPS
    asked = Asked(wants, groups, wanted.since(at), first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE + 1)
    alike = folded(glances(wanted.within(entries, at=at)), asked)
    each = list(whole_entries(person, [*alike][:ON_A_PAGE]))
    names = names_for(each)
    lines = lines_of(each, names, person=person, reader=reader, alike=alike)
    return Shown(lines, number, older=len(alike) > ON_A_PAGE, names=names)


def latest(entries: QuerySet[Entry], count: int, *, person: UUID) -> QuerySet[Entry]:
    """The newest rows: found by their ids first, for of each row that is read the database works out every column."""
    return whole_entries(person, list(entries.values_list("id", flat=True)[:count]))


def lines_of(
    entries: Sequence[Entry], names: Names, *, person: UUID, reader: UUID, alike: Mapping[UUID, Alike] | None = None
) -> list[Line]:
    """Entries about one person, read with their `body`, in words."""
    told = details_of_each(entries, person, kinds=WITH_DETAILS)
    counts, said = alike or {}, dict[Hashable, Line]()
    lines = []
    for entry in entries:
        if entry.id in told or entry.id in counts:
            lines.append(line_of(entry, names, reader=reader, told=told.get(entry.id), alike=counts.get(entry.id)))
            continue
        # Of a long log most rows are said in the same words; only when it was, and its place, differ.
        words = words_of(entry)
        if (line := said.get(words)) is None:
            line = said[words] = line_of(entry, names, reader=reader)
        lines.append(again(line, entry))
    return lines


def names_for(entries: Iterable[Entry]) -> Names:
    """What their departments, data and purposes are called."""
    language = language_now()
    return Names(*names_by_slug(), purpose_names((entry.purpose for entry in entries), language))
