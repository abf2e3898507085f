"""How requests were answered, in counts: by month, kind and department; nobody can be seen in them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localdate

from portal.requests.models import Request
from portal.walls import sent

# Days as a decimal number, of what was answered; late is what was answered after its day, or waits beyond it;
# nothing is late while its clock stands still.
_FIGURES = """
SELECT to_char(received_at AT TIME ZONE %s, 'YYYY-MM') AS month, kind, department, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - received_at) / 86400)
        FILTER (WHERE state = 'answered'),
    max(extract(epoch FROM closed_at - received_at) / 86400) FILTER (WHERE state = 'answered'),
    count(*) FILTER (WHERE paused_at IS NULL AND (state = 'answered' AND (closed_at AT TIME ZONE %s)::date > due_on
        OR closed_at IS NULL AND %s > due_on))
FROM requests_request WHERE received_at >= %s GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
"""


@dataclass(frozen=True)
class Figure:
    """One month (`2026-11`) of one kind in one department; days None where nothing was answered."""

    month: str
    kind: str
    department: str
    count: int
    median_days: float | None
    longest_days: float | None
    late: int


def figures_since(since: datetime, *, today: date) -> list[Figure]:
    """The newest month first; within a staff scope, of its departments. One statement."""
    rows = sent(_FIGURES, [settings.TIME_ZONE, settings.TIME_ZONE, today, since])()
    return [
        Figure(month, kind, department, count, _days(median), _days(longest), late)
        for month, kind, department, count, median, longest, late in rows
    ]


def _days(told: float | None) -> float | None:
    return None if told is None else round(float(told), 1)


@dataclass(frozen=True)
class Bar:
    """A month of a plot, in its units: a bar's height grows from the ground, and `late` of it is marked."""

    month: str
    count: int
    late: int
    x: int
    y: int
    height: int
    late_y: int
    late_height: int


STEP, GROUND, TALL = 50, 140, 110


def bars_of(figures: Iterable[Figure]) -> list[Bar]:
    """One bar a month, the oldest first; the highest is TALL, and all begin at zero."""
    months: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in figures:
        months[each.month][0] += each.count
        months[each.month][1] += each.late
    most = max((count for count, _ in months.values()), default=1)
    bars = []
    for number, (month, (count, late)) in enumerate(sorted(months.items())):
        height, late_height = round(TALL * count / most), round(TALL * late / most)
        at = 40 + number * STEP
        bars.append(Bar(month, count, late, at, GROUND - height, height, GROUND - late_height, late_height))
    return bars


@dataclass(frozen=True)
class CaseRow:
    """A line of the city's case register (906/2019 25-26 §): a request without its person."""

    number: str
    kind: str
    law: str
    department: str
    received: date
    due: date
    state: str
    outcome: str
    closed: date | None
    extended: date | None


_CASE = (
    *("number", "kind", "law", "department", "received_at", "due_on"),
    *("state", "outcome", "closed_at", "extended_at"),
)


def case_rows() -> Iterator[CaseRow]:
    """Every request by its number; within a staff scope, of its departments."""
    for row in Request.objects.order_by("received_at", "number").only(*_CASE).iterator(500):
        yield case_row(row)


def case_row(row: Request) -> CaseRow:
    """One of them."""
    days = [localdate(at) if at else None for at in (row.closed_at, row.extended_at)]
    about = (row.number, row.kind, row.law, row.department, localdate(row.received_at), row.due_on)
    return CaseRow(*about, row.state, row.outcome, *days)
