"""The effect of use cases as pages and files tell it: one case by month, and all of them for whoever decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from consents.usecases.enums import CaseState, Counted
from consents.usecases.models import Case
from consents.usecases.rules.effect import FEWEST, Effect, Expected, Gain, Month, Range, total
from consents.usecases.texts import in_language
from datasources.enums import CoreProcess
from portal.pages.effect_charts import uses_chart
from portal.pages.effect_words import (
    euro_text,
    finding,
    hours_text,
    month_text,
    number_text,
    range_text,
    uses_text,
    version_text,
)


@dataclass(frozen=True)
class MonthRow:
    """A month of the table, in words."""

    month: str
    so_far: bool
    uses: str
    expected_uses: str
    resident: str
    staff: str
    euro: str
    cost: str
    expected_cost: str


@dataclass(frozen=True)
class VersionTold:
    """What one use was thought to save, from some day on."""

    name: str
    after_trial: bool
    reason: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class EffectTold:
    """`compared`: (what, expected until today, counted and entered). `fewest`: fewer people than these are not told."""

    finding: str
    made_up: bool
    measured: bool
    hidden: int
    fewest: int
    compared: Sequence[tuple[str, str, str]]
    months: Sequence[MonthRow]
    chart: SafeString
    versions: Sequence[VersionTold]


def effect_told(effect: Effect) -> EffectTold:
    """No statement."""
    found = finding(effect)
    title = found or gettext("Uses by month, expected and counted")
    return EffectTold(
        finding=found,
        made_up=effect.made_up,
        measured=effect.first is not None,
        hidden=effect.hidden,
        fewest=FEWEST,
        compared=_compared(effect.expected, effect.actual) if effect.first else [],
        months=[_month_row(month) for month in reversed(effect.months)],
        chart=uses_chart(effect.months, title=title) if effect.shows else SafeString(),
        versions=[_version(each) for each in reversed(effect.versions)],
    )


def _compared(expected: Gain, actual: Gain) -> list[tuple[str, str, str]]:
    return [
        (gettext("Uses"), number_text(round(expected.uses)), uses_text(actual)),
        (gettext("Time residents save"), hours_text(expected.resident_hours), hours_text(actual.resident_hours)),
        (gettext("Time staff save"), hours_text(expected.staff_hours), hours_text(actual.staff_hours)),
        (gettext("Money the city saves"), euro_text(expected.euro), euro_text(actual.euro)),
        (gettext("What it cost"), euro_text(expected.cost), euro_text(actual.cost)),
        (gettext("Saved, less cost"), euro_text(expected.net), euro_text(actual.net)),
    ]


def _month_row(month: Month) -> MonthRow:
    actual, told = month.actual, bool(month.actual.uses) or not month.hidden
    few = gettext("fewer than %(n)s people") % {"n": FEWEST}
    return MonthRow(
        month=month_text(month.month),
        so_far=month.so_far,
        uses=uses_text(actual) if told else few,
        expected_uses=number_text(round(month.expected.uses)),
        resident=hours_text(actual.resident_hours) if told else "–",
        staff=hours_text(actual.staff_hours) if told else "–",
        euro=euro_text(actual.euro) if told else "–",
        cost=euro_text(actual.cost),
        expected_cost=euro_text(month.expected.cost),
    )


def _version(each: Expected) -> VersionTold:
    minutes = gettext("min")
    return VersionTold(
        name=version_text(each.version, each.on),
        after_trial=each.after_trial,
        reason=each.reason,
        facts=[
            (gettext("What counts as one use"), str(Counted(each.counted).label)),
            (gettext("One use saves a resident"), range_text(each.resident, minutes)),
            (gettext("One use saves staff"), range_text(each.staff, minutes)),
            (gettext("One use saves the city"), euro_text(each.euro)),
            (gettext("Uses a year"), number_text(each.uses_a_year)),
            (gettext("Cost to build"), euro_text(each.build_euro)),
            (gettext("Cost to run a year"), euro_text(each.yearly_euro)),
        ],
    )


@dataclass(frozen=True)
class Sums:
    """Until today, in words."""

    uses: str
    resident: str
    staff: str
    euro: str
    cost: str
    net: str


@dataclass(frozen=True)
class Line:
    """A row of the portfolio: a case, or all of a core process or a department. `sums`: None where none is measured."""

    name: str
    slug: str = ""
    state: str = ""
    process: str = ""
    department: str = ""
    cases: int = 1
    sums: Sums | None = None
    hidden: int = 0


def _sums(gain: Gain) -> Sums:
    return Sums(
        uses=uses_text(gain),
        resident=hours_text(gain.resident_hours),
        staff=hours_text(gain.staff_hours),
        euro=euro_text(gain.euro),
        cost=euro_text(gain.cost),
        net=euro_text(gain.net),
    )


def case_line(case: Case, effect: Effect, language: str) -> Line:
    """A case with what is measured of it; one without effect is there, too."""
    return Line(
        name=in_language(case.texts, language)[0].name,
        slug=case.slug,
        state=str(CaseState(case.state).label),
        process=_process(case),
        department=_department(case),
        hidden=effect.hidden,
        sums=_sums(effect.actual) if effect.first else None,
    )


def _process(case: Case) -> str:
    return str(CoreProcess(case.core_process).label).capitalize() if case.core_process else gettext("not decided yet")


def _department(case: Case) -> str:
    return case.department.everyday_name if case.department else gettext("nobody yet")


def by_effect(cases: Iterable[Case], found: Mapping[UUID, Effect]) -> list[Case]:
    """What saves most comes first, what is measured before what is not, then in the order they came in."""
    return sorted(cases, key=lambda case: (found[case.pk].first is None, -found[case.pk].actual.net.likely))


def grouped(cases: Sequence[Case], found: Mapping[UUID, Effect], *, by_department: bool) -> list[Line]:
    """One line for each department, or each core process, with the sums of its cases, in the order of their names."""
    groups: dict[str, list[Effect]] = {}
    for case in cases:
        groups.setdefault(_department(case) if by_department else _process(case), []).append(found[case.pk])
    return [_group(name, members) for name, members in sorted(groups.items())]


def _group(name: str, members: Sequence[Effect]) -> Line:
    measured = any(each.first for each in members)
    sums = _sums(total(each.actual for each in members)) if measured else None
    return Line(name, cases=len(members), sums=sums, hidden=sum(each.hidden for each in members))


def all_together(found: Mapping[UUID, Effect]) -> Line:
    """Every case."""
    return _group(gettext("All together"), list(found.values()))


_BOUNDS = ("low", "likely", "high")
_GAINS = (
    "uses",
    *(f"{what}_{bound}" for what in ("resident_hours", "staff_hours", "euro_saved") for bound in _BOUNDS),
    "cost_euro",
)
_HEAD = (*(f"{side}_{name}" for side in ("expected", "actual") for name in _GAINS), "actual_uses_by_algorithm")
MONTHS_HEAD = ("month", "not_over", "left_out_under_five_people", *_HEAD)
CASES_HEAD = ("case", "name", "state", "core_process", "department", "made_up", "months", "months_left_out", *_HEAD)


def month_cells(effect: Effect) -> list[Sequence[str]]:
    """A row of MONTHS_HEAD for each month, the oldest first."""
    return [
        (
            *(f"{each.month:%Y-%m}", _yes(each.so_far), _yes(each.hidden)),
            *(*_cells(each.expected), *_cells(each.actual), _by_algorithm(each.actual)),
        )
        for each in effect.months
    ]


def case_cells(case: Case, effect: Effect, language: str) -> Sequence[str]:
    """A row of CASES_HEAD; without figures where nothing is measured."""
    department = case.department.slug if case.department else ""
    told = (case.slug, in_language(case.texts, language)[0].name, case.state, case.core_process, department)
    measured = (*_cells(effect.expected), *_cells(effect.actual), _by_algorithm(effect.actual))
    figures = measured if effect.first else ("",) * len(measured)
    return (*told, _yes(effect.made_up), str(len(effect.months)), str(effect.hidden), *figures)


def _yes(value: bool) -> str:  # noqa: FBT001 - a cell
    return "yes" if value else "no"


def _cells(gain: Gain) -> list[str]:
    ranges: list[Range] = [gain.resident_hours, gain.staff_hours, gain.euro]
    numbers = [bound for each in ranges for bound in (each.low, each.likely, each.high)]
    return [f"{number:.2f}" for number in (gain.uses, *numbers, gain.cost)]


def _by_algorithm(gain: Gain) -> str:
    return f"{gain.by_algorithm:.2f}"
