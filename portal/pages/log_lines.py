"""A row of the log as a person reads it, in five parts: when, who, what, why, how."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext

from portal.ledger.entries import Json
from portal.ledger.models import Entry
from portal.ledger.reading import Alike
from portal.pages.for_another import BY_READER, OF_ANOTHER, OF_ANOTHER_AT_DESK, WHY_OF_ANOTHER, is_of_another
from portal.pages.other_cities import city_named
from portal.pages.programs import BY_ALGORITHM, GIVEN_TO_ALGORITHM, REFUSED_TO_ALGORITHM, ROWS, CameOfIt, came_of
from portal.pages.sentences import (
    BY_ANOTHER,
    FOR_A_PURPOSE,
    OTHERS,
    ROLES,
    WHAT,
    WHAT_OF_ALGORITHM,
    WHY,
)
from portal.pages.sentences_of_desk import AT_DESK, AT_DESK_BY_ANOTHER, DESK_REASONS

AUTOMATIC = "system"
REPORTED, DISCLOSED = "consents.use_reported", "consents.disclosed"
# What departments tell of themselves: the unit and the role as they name them, never a name.
_OF_DEPARTMENTS = (REPORTED, BY_ALGORITHM, REFUSED_TO_ALGORITHM)
_PASSED_ON = (DISCLOSED, GIVEN_TO_ALGORITHM)
# Kinds whose reference is a case number, which staff wrote for the resident to read as well.
_WITH_CASE = ("desk.", "requests.")
# What another city did, or failed to.
_BY_A_CITY = {"requests.fetched_by_city", "requests.not_fetched", "requests.code_shown_twice"}


@dataclass(frozen=True)
class Names:
    """What things are called, by slug, in the language in force."""

    departments: Mapping[str, str] = field(default_factory=dict)
    datasets: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One thing that happened, in five parts, and where it stands in the log.

    `by_algorithm`: it tells of an algorithm's use; `algorithm` is its slug, `came_of_it` what was told of that.
    `case`: number of the case it was done for, or empty. `alike`: how many things of that day this line stands for;
    `number`: place in the log, since `sealed_at`; None while it waits for it.
    """

    id: UUID
    at: datetime
    who: str
    what: str
    data: str
    why: str
    how: str
    number: int | None
    case: str = ""
    sealed_at: datetime | None = None
    department: str = ""
    alike: int = 1
    by_algorithm: bool = False
    algorithm: str = ""
    came_of_it: CameOfIt | None = None

    @property
    def day(self) -> date:
        """Of Finnish time."""
        return localdate(self.at)

    @property
    def told_case(self) -> str:
        """The case as a sentence with a space behind it, or nothing."""
        return gettext("Case %(case)s.") % {"case": self.case} + " " if self.case else ""


def line_of(
    entry: Entry, names: Names, *, reader: UUID, told: Mapping[str, Json] | None = None, alike: Alike | None = None
) -> Line:
    """The entry as a resident (`reader`) reads it. `told` is what stands sealed in it, opened."""
    details = told or {}
    named = [names.datasets.get(slug, "") for slug in (sorted(alike.datasets) if alike else entry.datasets)]
    return Line(
        id=entry.id,
        at=entry.at,
        who=_who(entry, names.departments, details, reader),
        what=_what(entry, reader),
        data=", ".join(name for name in named if name),
        why=_why(entry, names.purposes, reader),
        how=_how(entry, reader),
        number=entry.index,
        case=_case(entry, details),
        sealed_at=entry.sequenced_at,
        department=entry.department,
        alike=alike.count if alike else 1,
        by_algorithm=entry.kind in ROWS,
        algorithm=str(entry.counts.get("algorithm", "")),
        came_of_it=came_of(details),
    )


def words_of(entry: Entry) -> Hashable:
    """All that the words of a line are made of: entries of which it is the same are told alike, but for their place."""
    acts = (entry.kind, entry.actor_kind, entry.actor_id, entry.actor_right, entry.unit, entry.role, entry.subject)
    about = (entry.department, entry.purpose, entry.reference, tuple(entry.datasets))
    return (*acts, *about, repr(entry.counts) if entry.counts else "")


def again(line: Line, entry: Entry) -> Line:
    """The same words, of another entry."""
    return replace(line, id=entry.id, at=entry.at, number=entry.index, sealed_at=entry.sequenced_at)


def by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """Lines in groups of one day of Finnish time, in the order they come."""
    days: list[tuple[date, list[Line]]] = []
    for line in lines:
        if not days or days[-1][0] != line.day:
            days.append((line.day, []))
        days[-1][1].append(line)
    return days


def _is_by(entry: Entry, reader: UUID) -> bool:
    return entry.actor_kind == "resident" and entry.actor_id == str(reader)


def _who(entry: Entry, departments: Mapping[str, str], told: Mapping[str, Json], reader: UUID) -> str:
    if entry.actor_kind == "resident":
        return gettext("You") if _is_by(entry, reader) else _another(entry)
    if entry.actor_kind == AUTOMATIC:
        return gettext("This service")
    if entry.kind in _BY_A_CITY:
        return city_named(entry.actor_id)
    # Staff act for their own unit or for the city, never for the department that a row concerns.
    of = entry.unit if entry.actor_kind == "staff" else entry.unit or entry.department
    unit = departments.get(of) or gettext("The city")
    within = [told.get("unit"), told.get("role")] if entry.kind in _OF_DEPARTMENTS else _roles(entry)
    return ", ".join([unit, *(str(part) for part in within if part)])


def _roles(entry: Entry) -> list[str]:
    return [str(ROLES[role]) for role in entry.role.split() if role in ROLES] if entry.actor_kind == "staff" else []


def _another(entry: Entry) -> str:
    """What they are to the person; of the person's own doings, read by another: themselves."""
    return str(OTHERS.get(entry.actor_right) or gettext("The person themselves"))


def _what(entry: Entry, reader: UUID) -> str:
    said, together = _said(entry, reader), gettext("Two staff members decided it together.")
    return f"{said} {together}" if entry.counts.get("two") else said


def _said(entry: Entry, reader: UUID) -> str:
    if entry.kind in WHAT_OF_ALGORITHM and entry.counts.get("algorithm"):
        return str(WHAT_OF_ALGORITHM[entry.kind])
    if is_of_another(entry, reader):
        told = BY_READER if _is_by(entry, reader) else OF_ANOTHER
        at_desk = OF_ANOTHER_AT_DESK if entry.actor_right == "office" else {}
        return _with_city(str(at_desk.get(entry.kind) or told.get(entry.kind) or WHAT[entry.kind]), entry)
    told = {}
    if entry.actor_right in OTHERS:
        told = BY_ANOTHER
    elif entry.actor_right == "office":
        told = AT_DESK_BY_ANOTHER if "right" in entry.counts else AT_DESK
    return _with_city(str(told.get(entry.kind) or WHAT[entry.kind]), entry)


def _with_city(said: str, entry: Entry) -> str:
    """Another city by its name, where the sentence tells of one."""
    return said % {"city": city_named(str(entry.counts.get("to", "")))} if "%(city)s" in said else said


def _why(entry: Entry, purposes: Mapping[str, str], reader: UUID) -> str:
    if entry.kind in FOR_A_PURPOSE and (purpose := purposes.get(entry.purpose)):
        return gettext("It was for this: %(purpose)s.") % {"purpose": purpose}
    about = entry.kind.split(".")[0]
    if entry.kind == "desk.opened" and not is_of_another(entry, reader):
        return str(DESK_REASONS.get(str(entry.counts.get("reason")), WHY[about]))
    reasons = WHY_OF_ANOTHER if is_of_another(entry, reader) else WHY
    return str(reasons.get(entry.kind, reasons.get(about, "")))


def _how(entry: Entry, reader: UUID) -> str:
    if entry.kind == REPORTED:
        return gettext("Looked at in the department's own system")
    if entry.kind in (BY_ALGORITHM, REFUSED_TO_ALGORITHM):
        return gettext("Done by an algorithm in the department's own system")
    if entry.kind in _PASSED_ON:
        return gettext("Passed on automatically")
    if entry.actor_kind in {AUTOMATIC, "client"}:
        return gettext("Done automatically")
    return gettext("Done by you") if _is_by(entry, reader) else gettext("Done by a person")


def _case(entry: Entry, told: Mapping[str, Json]) -> str:
    return str(told.get("case") or (entry.reference if entry.kind.startswith(_WITH_CASE) else ""))
